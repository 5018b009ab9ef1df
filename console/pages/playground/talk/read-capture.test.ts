import { describe, expect, it } from 'vitest'
import { readCapture } from './read-capture.ts'

const hidden = { secrets: 0, fields: 0, media: 0 }
const request = { form: 'json', text: '{"model":"m","messages":[]}', bytes: 27, isCut: false, hidden }
const path = '/v1/chat/completions'

describe('what was captured', () => {
  it.each([
    ['/v1/chat/completions', 'openai-chat'],
    ['/openai/v1/chat/completions', 'openai-chat'],
    ['/v1/responses', 'openai-responses'],
    ['/v1/messages', 'anthropic-messages'],
    ['/anthropic/v1/messages', 'anthropic-messages'],
    ['/v2/messages/test', 'anthropic-messages'],
  ])('at %s is sent in %s', (asked, dialect) => {
    const body = { model: 'm', messages: [] }
    expect(readCapture({ path: asked, request })).toEqual({
      kind: 'ready',
      request: { dialect, body },
      isChanged: false,
    })
  })

  it.each([
    [null, 'missing'],
    [{}, 'missing'],
    [{ path, request: null }, 'missing'],
    [{ path, request: { ...request, text: '{"model":' } }, 'unreadable'],
    [{ path, request: { ...request, text: '[]' } }, 'unreadable'],
    [{ path: '/v1/responses/compact', request }, 'unreadable'],
  ])('as %j is %s', (bodies, kind) => {
    expect(readCapture(bodies)).toEqual({ kind })
  })

  it.each([{ isCut: true }, { hidden: { ...hidden, media: 1 } }])('is told to be changed by %o', (change) => {
    expect(readCapture({ path, request: { ...request, ...change } })).toMatchObject({ isChanged: true })
  })
})
