/** R5: programs that use the official libraries get over a while in which every account rests, without a word to their users. */
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const WINDOW_SECONDS = 20
const model = 'claude-sonnet-4.5'

let gateway: GatewayUnderTest
beforeEach(async () => {
  // Of the gateway, the service and the client alike: they wait by the same clock.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], shouldAdvanceTime: true })
  gateway = await startGatewayUnderTest()
  const refusal = {
    name: 'ThrottlingException',
    message: 'Too many requests, please wait before trying again.',
    status: 429,
    headers: { 'retry-after': String(WINDOW_SECONDS) },
  }
  gateway.simulator.plan({ behaviour: { kind: 'refusal', refusal }, times: 1 })
})
afterEach(async () => {
  vi.useRealTimers()
  await gateway.close()
})

/** Lets time go by until the call is over; answers what it came to, and after how many seconds. */
async function waitOut<T>(call: Promise<T>): Promise<{ value: T; seconds: number }> {
  const startedAt = Date.now()
  const progress = { isOver: false }
  const over = () => {
    progress.isOver = true
  }
  call.then(over, over)
  for (let step = 0; step < 400 && !progress.isOver; step += 1) {
    // What travels by sockets needs time of its own before the clock moves on.
    for (let turn = 0; turn < 40; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(100)
  }
  return { value: await call, seconds: (Date.now() - startedAt) / 1000 }
}

describe.each([false, true])('a window of 20 s in which every account rests (stream: %s)', (stream) => {
  it('is over unnoticed for the OpenAI library', async () => {
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'any' })
    const messages = [{ role: 'user' as const, content: 'Say hello.' }]
    const call = stream
      ? client.chat.completions.stream({ model, messages }).finalChatCompletion()
      : client.chat.completions.create({ model, messages })
    const { value, seconds } = await waitOut(call)
    expect(value.choices[0]?.message.content).toContain('Say hello.')
    expectOneWait(seconds)
  })

  it('is over unnoticed for the Anthropic library', async () => {
    const client = new Anthropic({ baseURL: gateway.url, apiKey: 'any' })
    const messages = [{ role: 'user' as const, content: 'Say hello.' }]
    const asked = { model, max_tokens: 100, messages }
    const call = stream ? client.messages.stream(asked).finalMessage() : client.messages.create(asked)
    const { value, seconds } = await waitOut(call)
    expect(JSON.stringify(value.content)).toContain('Say hello.')
    expectOneWait(seconds)
  })
})

/** It waited as long as it was told to, and the service was asked twice in all. */
function expectOneWait(seconds: number): void {
  expect(seconds).toBeGreaterThanOrEqual(WINDOW_SECONDS - 1)
  expect(gateway.simulator.journal.of('GenerateAssistantResponse')).toHaveLength(2)
}
