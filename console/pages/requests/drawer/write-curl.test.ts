import { describe, expect, it } from 'vitest'
import { writeCurl } from './write-curl.ts'

const origin = 'http://127.0.0.1:8000'

describe('a request as a command', () => {
  it.each([
    ['openai-chat', '/v1/chat/completions', '"messages":['],
    ['openai-responses', '/v1/responses', '"input":"'],
    ['anthropic-messages', '/v1/messages', '"max_tokens":'],
  ])('of %s goes to its own route', (dialect, path, body) => {
    const command = writeCurl({ dialect, model: 'm', stream: true }, origin)
    expect(command).toContain(`'${origin}${path}'`)
    expect(command).toContain(body)
    expect(command).toContain('$AQUEDUCT_KEY"')
    expect(command).toContain('"model":"m","stream":true')
  })

  it('holds no name that a shell would run', () => {
    const command = writeCurl({ dialect: 'openai-chat', model: "m'; rm -rf ~ #$(id)", stream: false }, origin)
    expect(command).toContain(String.raw`m'\''; rm -rf ~ #$(id)`)
  })
})
