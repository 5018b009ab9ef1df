import { describe, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { openSocket, send } from '../send.ts'

const ask = (prompt: string, stream: boolean) => ({
  model: 'claude-sonnet-4.5',
  max_tokens: 10,
  stream,
  messages: [{ role: 'user', content: prompt }],
})

/** One request of every outcome. */
function everyOutcome(gateway: GatewayUnderTest): (() => Promise<unknown>)[] {
  const paths = ['/v1/messages', '/v1/chat/completions']
  const prompts = ['hi', '[[sim:connection-cut]]', '[[sim:improperly-formed]]', '[[sim:content-less]]']
  const answered = paths.flatMap((path) =>
    prompts.flatMap((prompt) =>
      [true, false].map((stream) => async () => (await gateway.postJson(path, ask(prompt, stream))).text()),
    ),
  )
  const left = [true, false].map((stream) => async () => {
    const leaving = new AbortController()
    const { journal } = gateway.simulator
    const chats = () => journal.of('GenerateAssistantResponse')
    const before = chats().at(-1)?.order ?? 0
    const body = JSON.stringify(ask('[[sim:stall]]', stream))
    const answer = gateway.fetch('/v1/messages', { method: 'POST', body, signal: leaving.signal })
    answer.then((response) => response.text()).catch(() => {})
    await journal.waitFor(
      ({ operation, order }) => operation === 'GenerateAssistantResponse' && order > before,
    )
    leaving.abort()
    await journal.waitFor(({ order, outcome }) => order > before && outcome.kind === 'aborted-by-client')
  })
  return [
    ...answered,
    ...left,
    () => send(`${gateway.url}/v1/messages`, { method: 'POST', body: '{' }),
    () => send(`${gateway.url}/v1/nope`, { method: 'POST', body: 'x'.repeat(200_000) }),
    () => send(`${gateway.url}/v1/messages`, { method: 'POST', body: 'x'.repeat(200_000) }),
    () => send(`${gateway.url}/v1/messages`, { method: 'OPTIONS' }),
    () => send(`${gateway.url}/docs/`),
    async () => {
      const half = 'POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n{'
      const socket = await openSocket(gateway.url, half)
      socket.destroy()
    },
  ]
}

/** What is left to happen in this process: timers above all. */
function openTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
}

function listenersOfProcess(): number {
  return process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
}

describe('200 requests of every outcome', () => {
  it.each([
    { isRecorded: false, words: 'leave no timer and no listener behind' },
    { isRecorded: true, words: 'leave none behind while they are recorded' },
  ])('$words', async ({ isRecorded }) => {
    const timers = openTimers()
    const gateway = await startGatewayUnderTest({ environment: { MAX_BODY_MEGABYTES: '0.1' } })
    if (isRecorded) await (await gateway.fetch('/v2/captures/rules/all', { method: 'PUT' })).text()
    const outcomes = everyOutcome(gateway)
    const warnings: string[] = []
    const warn = (warning: Error) => void warnings.push(warning.message)
    process.on('warning', warn)
    // The first round opens connections and loads what is loaded on demand.
    for (const outcome of outcomes) await outcome()
    const listeners = listenersOfProcess()

    for (let sent = 0; sent < 200; sent += outcomes.length) {
      await Promise.all(outcomes.slice(0, -8).map((outcome) => outcome()))
      for (const outcome of outcomes.slice(-8)) await outcome()
    }
    expect(listenersOfProcess()).toBe(listeners)
    expect(warnings).toEqual([])

    process.off('warning', warn)
    await gateway.close()
    // Ends of connections reach us in turns of the loop of their own.
    for (let turn = 0; turn < 1000 && openTimers() > timers; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    // The test's own client and the runner keep one each.
    expect(openTimers()).toBeLessThanOrEqual(timers + 2)
  })
})
