/** X1–X33: what holds for every API. */
import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { delay, event, stall } from '../../simulator/replies/steps.ts'
import { startGatewayUnderTest } from '../gateway-under-test.ts'
import { images } from '../sample-images.ts'
import { openSocket, readAll, send } from '../send.ts'
import {
  at,
  joined,
  KEY,
  listAt,
  MODEL,
  openConformanceLab,
  readFrames,
  says,
  type ConformanceLab,
} from './lab.ts'

const CHAT = '/v1/chat/completions'
const MESSAGES = '/v1/messages'
const RESPONSES = '/v1/responses'
const surfaces = [CHAT, MESSAGES, RESPONSES] as const
const JSON_TYPE = { 'content-type': 'application/json' }
const KEYED = { authorization: `Bearer ${KEY}` }

/** Small limits and short waits, so that they are reached. */
const environment = {
  KEEP_ALIVE_TIMEOUT_SECONDS: '5',
  HEADERS_TIMEOUT_SECONDS: '1',
  BODY_TIMEOUT_SECONDS: '1',
  CORS_ORIGINS: 'https://chat.example.com',
}
let lab: ConformanceLab
beforeAll(async () => {
  lab = await openConformanceLab(environment)
})
afterAll(() => lab.close())
beforeEach(() => lab.reset())
afterEach(() => lab.gateway.assertNoViolation())

/** Every surface reads what it needs of this. */
const ask = (prompt: string, more: object = {}) => ({
  model: MODEL,
  max_tokens: 100_000,
  messages: [{ role: 'user', content: prompt }],
  input: prompt,
  ...more,
})
const bodyFor = (path: string, prompt: string, more: object = {}) => {
  const { messages, input, ...rest } = ask(prompt, more)
  return path === RESPONSES ? { ...rest, max_tokens: undefined, input } : { ...rest, messages }
}
const textOf = (text: string) => {
  const frames = readFrames(text)
  return (
    joined(frames, 'choices.0.delta.content') +
    joined(frames, 'delta.text') +
    joined(
      frames.filter((frame) => frame.event === 'response.output_text.delta'),
      'delta',
    )
  )
}
const idOf = (data: unknown) => at(data, 'id') ?? at(data, 'message.id') ?? at(data, 'response.id')
const journal = () => lab.gateway.simulator.journal
const chats = () => journal().of('GenerateAssistantResponse')
const raw = (path: string, body: string | Buffer, headers: Record<string, string> = JSON_TYPE) =>
  send(`${lab.gateway.url}${path}`, { method: 'POST', headers: { ...KEYED, ...headers }, body })

describe('access', () => {
  it('X1: without keys all may ask, with keys nobody without one', async () => {
    for (const path of surfaces) {
      const { status, body } = await lab.whole(path, bodyFor(path, 'hi'), {})
      expect(status).toBe(401)
      expect(body).toMatchObject(
        path === MESSAGES
          ? { type: 'error', error: { type: 'authentication_error' } }
          : { error: { code: 'invalid_api_key' } },
      )
    }
    const open = await startGatewayUnderTest()
    for (const path of surfaces) expect((await open.postJson(path, bodyFor(path, 'hi'))).status).toBe(200)
    await open.close()
  })

  it('X2: a wrong key is refused and never repeated', async () => {
    const wrong = 'sk-canary-9f8e7d'
    for (const path of surfaces) {
      const answer = await lab.post(path, bodyFor(path, 'hi'), { authorization: `Bearer ${wrong}` })
      expect(answer.status).toBe(401)
      expect(await answer.text()).not.toContain(wrong)
    }
    expect(lab.gateway.log.join('\n')).not.toContain(wrong)
  })

  it.each([`bearer ${KEY}`, `BEARER ${KEY}`, `Bearer   ${KEY}`, `Bearer ${KEY}  `])(
    'X3: the scheme is read in any case, with spaces: %j',
    async (authorization) => {
      expect((await lab.get('/v1/models', { authorization })).status).toBe(200)
    },
  )

  it.each<Record<string, string>>([KEYED, { 'x-api-key': KEY }, { 'api-key': KEY }])(
    'X4: each header of a key opens every surface: %j',
    async (headers) => {
      for (const path of surfaces)
        expect((await lab.post(path, bodyFor(path, 'hi'), headers)).status).toBe(200)
      expect((await lab.post(`${MESSAGES}/count_tokens`, bodyFor(MESSAGES, 'hi'), headers)).status).toBe(200)
      expect((await lab.get('/v1/models', headers)).status).toBe(200)
    },
  )
})

describe('pages', () => {
  const origin = 'https://chat.example.com'

  it.each([...surfaces.map((path) => [path, 'POST'] as const), ['/v1/models', 'GET'] as const])(
    'X5: a preflight needs no key and allows what was asked for: %s',
    async (path, method) => {
      const asked = 'authorization,x-api-key,anthropic-version,anthropic-beta,x-stainless-os,content-type'
      const headers = {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': asked,
      }
      const answer = await send(`${lab.gateway.url}${path}`, { method: 'OPTIONS', headers })
      expect([200, 204]).toContain(answer.status)
      expect(answer.headers['access-control-allow-origin']).toMatch(/^(\*|https:\/\/chat\.example\.com)$/)
      expect(answer.headers['access-control-allow-methods']).toContain(method)
      const allowed = String(answer.headers['access-control-allow-headers']).toLowerCase().split(/, */)
      expect(allowed).toEqual(expect.arrayContaining(asked.split(',')))
      expect(Number(answer.headers['access-control-max-age'])).toBeGreaterThan(0)
    },
  )

  it('X6: pages may read errors, streams and their headers', async () => {
    for (const [headers, stream] of [
      [KEYED, true],
      [KEYED, false],
      [{}, false],
    ] as const) {
      const answer = await lab.post(CHAT, ask('hi', { stream }), { ...headers, origin })
      await answer.text()
      expect(answer.headers.get('access-control-allow-origin')).toMatch(/^(\*|https:\/\/chat\.example\.com)$/)
      const exposed = (answer.headers.get('access-control-expose-headers') ?? '').toLowerCase().split(/, */)
      expect(exposed).toEqual(expect.arrayContaining(['request-id', 'x-request-id', 'retry-after']))
    }
  })
})

describe('the surface', () => {
  it.each(['/', '/api/hello'])('X7: HEAD is answered without a key: %s', async (path) => {
    const answer = await send(`${lab.gateway.url}${path}`, { method: 'HEAD' })
    expect([Math.floor(answer.status / 100), answer.text]).toEqual([2, ''])
  })

  it('X8: health is told in JSON', async () => {
    const answer = await lab.get('/healthz', {})
    expect([answer.status, typeof (await answer.json())]).toEqual([200, 'object'])
  })

  it('X9: what is not there, or takes another method, says so', async () => {
    const openai = await lab.get('/v1/nope')
    expect([openai.status, await openai.json()]).toMatchObject([
      404,
      { error: { type: 'invalid_request_error' } },
    ])
    const anthropic = await lab.get('/v1/nope', { 'anthropic-version': '2023-06-01', 'x-api-key': KEY })
    expect([anthropic.status, await anthropic.json()]).toMatchObject([
      404,
      { type: 'error', error: { type: 'not_found_error' } },
    ])
    const other = await lab.gateway.fetch(CHAT, { method: 'DELETE', headers: KEYED })
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'POST'])
  })

  it.each(surfaces)('X10: broken JSON is the fault of the client: %s', async (path) => {
    for (const body of ['{', '{"model":', "{'model':1}", 'hello']) {
      const answer = await raw(path, body)
      expect([answer.status, at(JSON.parse(answer.text), 'error.type')]).toEqual([
        400,
        'invalid_request_error',
      ])
    }
  })

  it.each(surfaces)('X11: an empty body is the fault of the client: %s', async (path) => {
    expect((await raw(path, '')).status).toBe(400)
  })

  it.each(surfaces)('X12: a body that is no object is the fault of the client: %s', async (path) => {
    for (const body of ['[]', '7', 'null', '"text"', 'true']) expect((await raw(path, body)).status).toBe(400)
  })

  it.each(['text/plain', 'application/octet-stream', ''])(
    'X13: JSON is taken by any content type: %j',
    async (type) => {
      const headers: Record<string, string> = type === '' ? {} : { 'content-type': type }
      for (const path of surfaces)
        expect((await raw(path, JSON.stringify(bodyFor(path, 'hi')), headers)).status).toBe(200)
    },
  )

  it.each(surfaces)('X14: a charset and a byte order mark are taken: %s', async (path) => {
    const text = JSON.stringify(bodyFor(path, 'hi'))
    expect((await raw(path, text, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(200)
    expect((await raw(path, `\u{FEFF}${text}`)).status).toBe(200)
  })

  it.each(surfaces)('X15: too large a body is refused unread: %s', async (path) => {
    const head = [
      `POST ${path} HTTP/1.1`,
      'host: localhost',
      'content-type: application/json',
      `authorization: Bearer ${KEY}`,
      'content-length: 99999999999',
    ]
    const socket = await openSocket(lab.gateway.url, `${head.join('\r\n')}\r\n\r\n{`)
    const answer = await readAll(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer).toContain(path === MESSAGES ? 'request_too_large' : 'invalid_request_error')
  })

  it('X16: packed bodies are unpacked, bombs are not', async () => {
    const text = JSON.stringify(ask('hi'))
    for (const [name, packed] of [
      ['gzip', gzipSync(text)],
      ['br', brotliCompressSync(text)],
      ['zstd', zstdCompressSync(text)],
    ] as const) {
      expect([200, 415]).toContain(
        (await raw(CHAT, packed, { ...JSON_TYPE, 'content-encoding': name })).status,
      )
    }
    const bomb = gzipSync(Buffer.alloc(200_000_000, ' '))
    expect([413, 415]).toContain((await raw(CHAT, bomb, { ...JSON_TYPE, 'content-encoding': 'gzip' })).status)
  })

  it('X17: five megabytes with twenty images are taken', async () => {
    // A valid beginning, and what no picture is compressed to.
    const png = Buffer.concat([Buffer.from(images.png, 'base64'), randomBytes(190_000)]).toString('base64')
    const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } }
    const body = ask('', { messages: [{ role: 'user', content: Array.from({ length: 20 }, () => image) }] })
    expect(JSON.stringify(body).length).toBeGreaterThan(5_000_000)
    expect((await lab.post(CHAT, body)).status).toBe(200)
    expect(lab.sent().users.at(-1)?.images).toHaveLength(20)
  })

  it.each(surfaces)('X18: deep JSON is refused, and nothing dies: %s', async (path) => {
    const deep = `{"model":"${MODEL}","max_tokens":10,"messages":${'['.repeat(10_000)}${']'.repeat(10_000)},"input":${'['.repeat(10_000)}${']'.repeat(10_000)}}`
    expect((await raw(path, deep)).status).toBe(400)
    expect((await lab.get('/healthz', {})).status).toBe(200)
  })
})

/** Resolves when the service knows of it; with what the gateway then thinks of the account. */
async function leaveAnswer(path: string, stream: boolean): Promise<unknown> {
  lab.plan([...says('The first half'), stall()])
  const leaving = new AbortController()
  const answer = lab.gateway.fetch(path, {
    method: 'POST',
    headers: { ...KEYED, ...JSON_TYPE },
    body: JSON.stringify(bodyFor(path, 'hi', { stream })),
    signal: leaving.signal,
  })
  answer.catch(() => {})
  if (stream) await (await answer).body?.getReader().read()
  await journal().waitFor(({ operation }) => operation === 'GenerateAssistantResponse')
  leaving.abort()
  await journal().waitFor(({ outcome }) => outcome.kind === 'aborted-by-client')
  return (await lab.gateway.fetch(`/v2/accounts/${lab.gateway.accountId}`)).json()
}

describe('clients that leave', () => {
  it.each(surfaces)('X19: a client that leaves a stream ends it at the service: %s', async (path) => {
    expect(await leaveAnswer(path, true)).toMatchObject({ enabled: true, error_count: 0 })
    expect((await lab.post(path, bodyFor(path, 'hi'))).status).toBe(200)
  })

  it.each(surfaces)('X20: a client that leaves before an answer ends it at the service: %s', async (path) => {
    expect(await leaveAnswer(path, false)).toMatchObject({ enabled: true, error_count: 0 })
    expect((await lab.post(path, bodyFor(path, 'hi'))).status).toBe(200)
  })
})

describe('streams', () => {
  it.each(surfaces)(
    'X21: a stream has the headers that keep proxies from holding it back: %s',
    async (path) => {
      const answer = await lab.post(path, bodyFor(path, 'hi', { stream: true }), {
        ...KEYED,
        'accept-encoding': 'gzip, br',
      })
      await answer.text()
      expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
      expect(answer.headers.get('cache-control')).toMatch(/no-cache.*no-transform|no-transform.*no-cache/)
      expect(answer.headers.get('x-accel-buffering')).toBe('no')
      expect([answer.headers.get('content-length'), answer.headers.get('content-encoding')]).toEqual([
        null,
        null,
      ])
    },
  )

  it.each(surfaces)('X22: events leave as they come: %s', async (path) => {
    const words = Array.from({ length: 10 }, (_, index) => `word${index} `)
    lab.plan(words.flatMap((content) => [event('assistantResponseEvent', { content }), delay(30)]))
    const answer = await lab.post(path, bodyFor(path, 'hi', { stream: true }))
    const reader = answer.body?.getReader()
    const seen: number[] = []
    for (let text = ''; ;) {
      const piece = await reader?.read()
      if (piece === undefined || piece.done) break
      text += Buffer.from(piece.value).toString()
      seen.push(words.filter((word) => text.includes(word)).length)
    }
    // As many as there are can only be seen one after the other when none waits for the next.
    expect(new Set(seen).size).toBeGreaterThan(words.length / 2)
  })

  it.each(surfaces)('X23: no character is ever cut: %s', async (path) => {
    const text = 'Grüße, 世界! 👋🏽'
    const { text: stream } = await lab.stream(path, bodyFor(path, `[[sim:text:${text}]] [[sim:slice:1]]`))
    expect(stream).not.toContain('\u{FFFD}')
    expect(textOf(stream)).toBe(text)
    for (const { data } of readFrames(stream)) expect(JSON.stringify(data)).not.toMatch(/\\ud[89a-f]/)
  })

  it.each(surfaces)('X24: a connection is used again after a stream: %s', async (path) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ports = new Set<number | undefined>()
    for (const stream of [true, false, true]) {
      const status = await new Promise((resolve, reject) => {
        const sent = request(
          `${lab.gateway.url}${path}`,
          { method: 'POST', agent, headers: { ...KEYED, ...JSON_TYPE } },
          (response) => {
            ports.add(response.socket.localPort)
            response.resume().on('end', () => resolve(response.statusCode))
          },
        )
        sent.on('error', reject).end(JSON.stringify(bodyFor(path, 'hi', { stream })))
      })
      expect(status).toBe(200)
    }
    expect(ports.size).toBe(1)
    agent.destroy()
  })

  it.each(surfaces)(
    'X25: bodies in chunks and those that wait to be asked for are taken: %s',
    async (path) => {
      const text = JSON.stringify(bodyFor(path, 'hi'))
      const status = await new Promise((resolve, reject) => {
        const sent = request(
          `${lab.gateway.url}${path}`,
          { method: 'POST', agent: false, headers: { ...KEYED, ...JSON_TYPE, expect: '100-continue' } },
          (response) => {
            response.resume()
            resolve(response.statusCode)
          },
        )
        sent.on('error', reject).on('continue', () => {
          sent.write(text.slice(0, 10))
          sent.end(text.slice(10))
        })
        sent.flushHeaders()
      })
      expect(status).toBe(200)
    },
  )

  it('X26: every answer has the id of its request', async () => {
    const answers = [
      await lab.post(MESSAGES, bodyFor(MESSAGES, 'hi')),
      await lab.post(MESSAGES, {}),
      await lab.post(CHAT, ask('hi', { stream: true })),
      await lab.post(CHAT, {}),
      await lab.post(RESPONSES, {}, {}),
      await lab.get('/v1/nope'),
    ]
    const ids = answers.map(({ headers }) => headers.get('x-request-id'))
    expect(new Set(ids).size).toBe(answers.length)
    expect(ids.every((id) => id?.startsWith('req_'))).toBe(true)
    for (const answer of answers.slice(0, 2))
      expect(answer.headers.get('request-id')).toBe(answer.headers.get('x-request-id'))
    await Promise.all(answers.map((answer) => answer.text()))
  })

  it.each(surfaces)('X27: fifty streams never mix: %s', async (path) => {
    const prompts = Array.from({ length: 50 }, (_, index) => `answer-${index}-${'x'.repeat(index)}`)
    const streams = await Promise.all(
      prompts.map((prompt) => lab.stream(path, bodyFor(path, `[[sim:text:${prompt}]] [[sim:slice:5]]`))),
    )
    expect(streams.map(({ text }) => textOf(text))).toEqual(prompts)
    expect(new Set(streams.map(({ frames }) => idOf(frames[0]?.data))).size).toBe(50)
  })

  it.each(surfaces)('X28: slashes too many do no harm, and nobody is sent elsewhere: %s', async (path) => {
    for (const spelling of [`${path}/`, path.replaceAll('/', '//'), `/${path}`]) {
      const answer = await send(`${lab.gateway.url}${spelling}`, {
        method: 'POST',
        headers: { ...KEYED, ...JSON_TYPE },
        body: JSON.stringify(bodyFor(path, 'hi')),
      })
      expect(answer.status).toBe(200)
    }
  })
})

describe('accounts', () => {
  it.each(['invalid-bearer', 'expired-token', 'not-authorized', 'suspended'])(
    "X29: an account's own refusal is never the client's: %s",
    async (name) => {
      const second = await lab.gateway.addAccount()
      lab.gateway.simulator.plan({ times: 1, behaviour: { kind: 'named', name } })
      for (const path of surfaces) expect((await lab.post(path, bodyFor(path, 'hi'))).status).toBe(200)
      await lab.gateway.fetch(`/v2/accounts/${second}`, { method: 'DELETE' })
      await lab.reset()
      lab.gateway.simulator.plan({ behaviour: { kind: 'named', name } })
      for (const path of surfaces) {
        const { status } = await lab.post(path, bodyFor(path, 'hi'))
        // Nothing that a client could mend: its key is right, and trying again does not help.
        expect([402, 503, 529]).toContain(status)
      }
    },
  )

  it.each(['monthly-limit', 'suspended', 'not-authorized', 'profile-required', 'html-502'])(
    'X30: nothing of accounts is told to clients: %s',
    async (name) => {
      for (const path of surfaces) {
        await lab.reset()
        const answer = await lab.post(path, bodyFor(path, `[[sim:${name}]]`))
        const text = await answer.text()
        expect(answer.status).toBeGreaterThanOrEqual(400)
        expect(text).not.toMatch(/arn:aws|ao[ar]Sim|sim-secret|127\.0\.0\.1|"test"/)
        expect(text).not.toContain(lab.gateway.accountId)
      }
    },
  )

  it.each(surfaces)('X31: names of prototypes do no harm: %s', async (path) => {
    const body = JSON.stringify(bodyFor(path, 'hi')).replace(
      '{',
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},',
    )
    expect((await raw(path, body)).status).toBe(200)
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })
})

describe('time', () => {
  it('X32: a gateway that stops finishes streams and refuses the rest', async () => {
    const stopping = await openConformanceLab()
    const answer = await stopping.post(CHAT, ask('[[sim:slow-text]]', { stream: true }))
    // Its head has not arrived when the gateway stops, so its connection is not idle.
    const late = await openSocket(
      stopping.gateway.url,
      `GET /v1/models HTTP/1.1\r\nauthorization: Bearer ${KEY}\r\n`,
    )
    await send(`${stopping.gateway.url}/healthz`)
    const stopped = stopping.gateway.stop()
    await new Promise((resolve) => setImmediate(resolve))
    late.write('host: localhost\r\n\r\n')
    const refusal = await readAll(late)
    expect(refusal).toMatch(/^HTTP\/1\.1 503 /)
    expect(refusal.toLowerCase()).toContain('\r\nconnection: close\r\n')
    expect(await answer.text()).toMatch(/data: \[DONE\]\n\n$/)
    await stopped
    await stopping.close()
  })

  it.each(surfaces)('X33: a long silence does not cost the connection: %s', async (path) => {
    // Longer than each of the gateway's own limits for a connection.
    const { status, body } = await lab.whole(path, bodyFor(path, 'hi [[sim:headers-delay:1500]]'))
    expect(status).toBe(200)
    expect(
      listAt(body, 'choices').length + listAt(body, 'content').length + listAt(body, 'output').length,
    ).toBe(1)
    expect(chats()).toHaveLength(1)
  })
})
