/** R5: programs that use the official libraries get over a while in which every account rests, without a word to their users. */
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock, type FakeClock } from '../fake-clock.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const WINDOW_SECONDS = 20
const model = 'claude-sonnet-4.5'

let gateway: GatewayUnderTest
/** Of the gateway alone: what sockets wait for, here as there, goes by the timers of the machine. */
let clock: FakeClock
let waits: number[]
beforeEach(async () => {
  waits = []
  clock = createFakeClock(Date.now())
  gateway = await startGatewayUnderTest({ clock })
  const refusal = {
    name: 'ThrottlingException',
    message: 'Too many requests, please wait before trying again.',
    status: 429,
    headers: { 'retry-after': String(WINDOW_SECONDS) },
  }
  gateway.simulator.plan({ behaviour: { kind: 'refusal', refusal }, times: 1 })
})
afterEach(() => gateway.close())

/** Has the time go by that a library is told to wait, and lets it go on at once. */
async function fetchAndWait(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init)
  const told = response.headers.get('retry-after')
  if (told === null) return response
  waits.push(Number(told))
  clock.advance(Number(told) * 1000)
  const headers = new Headers(response.headers)
  headers.set('retry-after-ms', '1')
  return new Response(response.body, { status: response.status, headers })
}

describe.each([false, true])('a window of 20 s in which every account rests (stream: %s)', (stream) => {
  it('is over unnoticed for the OpenAI library', async () => {
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'any', fetch: fetchAndWait })
    const messages = [{ role: 'user' as const, content: 'Say hello.' }]
    const call = stream
      ? client.chat.completions.stream({ model, messages }).finalChatCompletion()
      : client.chat.completions.create({ model, messages })
    const value = await call
    expect(value.choices[0]?.message.content).toContain('Say hello.')
    expectOneWait()
  })

  it('is over unnoticed for the Anthropic library', async () => {
    const client = new Anthropic({ baseURL: gateway.url, apiKey: 'any', fetch: fetchAndWait })
    const messages = [{ role: 'user' as const, content: 'Say hello.' }]
    const asked = { model, max_tokens: 100, messages }
    const call = stream ? client.messages.stream(asked).finalMessage() : client.messages.create(asked)
    const value = await call
    expect(JSON.stringify(value.content)).toContain('Say hello.')
    expectOneWait()
  })
})

/** It was told once to wait, for as long as the accounts rest, and the service was asked twice in all. */
function expectOneWait(): void {
  expect(waits).toEqual([WINDOW_SECONDS])
  expect(gateway.simulator.journal.of('GenerateAssistantResponse')).toHaveLength(2)
}
