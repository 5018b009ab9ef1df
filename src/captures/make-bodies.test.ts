import { describe, expect, it } from 'vitest'
import { COPIED_BYTES, MOST_OF_BODY } from './captured-body.ts'
import { copyJson, makeBody } from './make-bodies.ts'

const keep = (value: unknown) => makeBody(copyJson(value, 1))
const keepText = (form: 'json-text' | 'stream' | 'text', text: string) =>
  makeBody({ form, text: text.slice(0, COPIED_BYTES), bytes: text.length, isCut: text.length > COPIED_BYTES })
const read = (value: unknown): unknown => JSON.parse(keep(value).text)
const PICTURE = 'iVBORw0KGgo'.repeat(300)

describe('a body that is kept', () => {
  it.each<[string, unknown, unknown]>([
    [
      'a data address',
      { url: `data:image/png;base64,${PICTURE}` },
      { url: '[image/png, 3322 characters, left out]' },
    ],
    [
      'base64 that says so, however short',
      { type: 'base64', media_type: 'application/pdf', data: 'AAAA' },
      { type: 'base64', media_type: 'application/pdf', data: '[application/pdf, 4 characters, left out]' },
    ],
    ['base64 that does not', { blob: PICTURE }, { blob: '[base64, 3300 characters, left out]' }],
    [
      'one within a text',
      { text: `See ![x](data:image/gif;base64,R0lGODlhAQABAAAAACw=) here` },
      { text: 'See ![x]([image/gif, 42 characters, left out]) here' },
    ],
    [
      'base64 within a text',
      { text: `{"screenshot":"${PICTURE}"} taken` },
      { text: '{"screenshot":"[base64, 3300 characters, left out]"} taken' },
    ],
  ])('has no media: %s', (_, value, kept) => {
    expect(read(value)).toEqual(kept)
    expect(keep(value).hidden).toEqual({ secrets: 0, fields: 0, media: 1 })
  })

  it.each([
    'authorization',
    'Proxy-Authorization',
    'api_key',
    'apiKey',
    'x-api-key',
    'client_secret',
    'Password',
    'cookie',
    'OPENAI_API_KEY',
    'GITHUB_TOKEN',
    'dbPassword',
    'spring.datasource.password',
    'api key',
    'masterKey',
    'signing_key',
    'encryptionKey',
    'db_pwd',
    'apiKeys',
    'refresh_tokens',
    `${'of a very long name '.repeat(20)}password`,
  ])('has no value of the member %s', (name) => {
    expect(keep({ tools: [{ [name]: 'canary' }] })).toMatchObject({
      text: `{"tools":[{"${name}":"[redacted]"}]}`,
      hidden: { fields: 1, secrets: 0 },
    })
  })

  it('has no headers that are to be sent elsewhere, and schemas as they are', () => {
    const schema = {
      properties: { password: { type: 'string' }, headers: { type: 'object' } },
      max_tokens: 5,
    }
    expect(read({ headers: { 'X-Mine': 'canary' }, schema })).toEqual({
      headers: { 'X-Mine': '[redacted]' },
      schema,
    })
  })

  it('has no secret as a name', () => {
    expect(read({ byKey: { 'sk-canary-0123456789': 5 } })).toEqual({ byKey: { '[redacted]': 5 } })
  })

  it('has nothing of what a secret is made of', () => {
    const value = {
      cookies: [{ name: 'sid', value: 'canary', secure: true }],
      credentials: { user: 'canary', pin: 5 },
      env: { HOME: '/home/me' },
    }
    expect(read(value)).toEqual({
      cookies: [{ name: '[redacted]', value: '[redacted]', secure: true }],
      credentials: { user: '[redacted]', pin: '[redacted]' },
      env: { HOME: '/home/me' },
    })
  })

  it.each([
    { secrets: { DB: 'canary', ports: [5432] } },
    { passwords: ['canary', ['canary']] },
    { api_keys: [{ of: { main: 'canary' } }] },
    { credentials: { aws: { id: 'canary', more: ['canary', { pin: 'canary' }] } } },
    { headers: { 'X-Mine': { values: ['canary'] } } },
    { headers: [['X-Mine', 'canary']] },
    { headers: ['X-Mine', 'canary'] },
    { password: { type: 'string', default: 'canary', examples: ['canary'], enum: ['canary'] } },
    { password: { type: 'object', properties: { of: { type: 'string', const: 'canary' } } } },
    { credentials: { type: 'object', user: 'canary', properties: { user: 'canary' } } },
    { secret: { type: [], text: 'canary' } },
  ])('has nothing of what a secret is made of, in whatever depth: %j', (value) => {
    const { text, hidden } = keep(value)
    expect(text).not.toContain('canary')
    expect(hidden.fields).toBeGreaterThan(0)
  })

  it.each([
    { password: { type: ['string', 'null'], description: 'Of the account' } },
    { token: { $ref: '#/definitions/token' } },
    { github_token: { anyOf: [{ type: 'string' }], description: 'To read with' } },
    { Token: { description: 'Of the account', properties: {} } },
    { headers: { type: 'object', additionalProperties: { type: 'string', maxLength: 9 } } },
    { api_keys: { type: 'array', items: { $ref: '#/definitions/token' }, required: ['token'] } },
    { usage: { input_tokens: 5, token_count: 6, tokens: { cached: 7, kind: 'short' } } },
    { tokens: ['It', ' is'], secretary: 'Ann', keys: ['a'], passwordless: 'yes', cwd: '/home/me' },
    { max_tokens: 5, stop_token: 7, prompt_cache_key: 'main' },
  ])('has what only says that there is a secret: %j', (value) => {
    expect(read(value)).toEqual(value)
  })

  it('has no secret that is said, in whatever depth', () => {
    const said = 'It is {"token": "a", "api_key":"canary"} and Bearer canary.'
    expect(keep({ messages: [{ content: [{ text: said }] }] }).text).not.toContain('canary')
  })

  it('has no beginning of a secret that goes on where it is cut', () => {
    const key = `sk-${'canary'.repeat(20)}`
    for (let length = MOST_OF_BODY - 140; length < MOST_OF_BODY; length += 1) {
      const { text, isCut } = keep({
        content: `${'x '.repeat(length / 2)}${key} and more ${'y '.repeat(5000)}`,
      })
      expect([/sk-c|canary/.test(text), isCut]).toEqual([false, true])
    }
  })

  it('has what stands behind a picture', () => {
    expect(
      keep([{ image: `data:image/png;base64,${'A'.repeat(1e6)}` }, { text: 'And this?' }]),
    ).toMatchObject({
      text: expect.stringContaining('And this?'),
      isCut: false,
    })
  })

  it('is JSON though its answer was cut', () => {
    const whole = JSON.stringify({ id: 'a', content: 'é'.repeat(100_000), apiKey: 'canary' })
    const { form, text, isCut } = keepText('json-text', whole)
    expect([form, isCut, Buffer.byteLength(text) <= MOST_OF_BODY]).toEqual(['json', true, true])
    expect(JSON.parse(text)).toMatchObject({ id: 'a' })
  })

  it('ends with a whole event where a stream was cut', () => {
    const event = 'data: {"delta":"é"}\n\n'
    const { text, isCut } = keepText('stream', event.repeat(10_000))
    expect([isCut, Buffer.byteLength(text) <= MOST_OF_BODY]).toEqual([true, true])
    expect(text).toBe(event.repeat(text.length / event.length))
  })

  it('has nothing of a stream whose first event has no room', () => {
    const { text, isCut } = keepText('stream', `event: begun\ndata: {"tools":"${'x '.repeat(50_000)}"}\n\n`)
    expect([text, isCut]).toEqual(['', true])
  })

  it('has no picture where it is no JSON', () => {
    expect(keepText('text', `{"data": "${PICTURE}", "media_type": image`)).toMatchObject({
      text: '{"data": "[base64, 3300 characters, left out]", "media_type": image',
      hidden: { media: 1 },
    })
  })

  it('is a text where it is nothing else', () => {
    expect(keepText('json-text', '<html>sk-canary-123456</html>')).toMatchObject({
      form: 'text',
      text: '<html>[redacted]</html>',
    })
  })
})
