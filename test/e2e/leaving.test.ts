/** Clients that leave at any moment, and clients that do not read. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { text } from '../../simulator/replies/events.ts'
import { stall } from '../../simulator/replies/steps.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { OPENAI, forms, questionFor, readAnswer } from '../read-answer.ts'
import { openSocket } from '../send.ts'

let gateway: GatewayUnderTest
beforeAll(async () => {
  gateway = await startGatewayUnderTest()
  // A second request is served only when the lease of the first has been given back.
  await gateway.fetch(`/v2/accounts/${gateway.accountId}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ concurrencyLimit: 1 }),
  })
})
afterAll(() => gateway.close())

const chats = () => gateway.simulator.journal.of('GenerateAssistantResponse')

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

describe('a client that leaves', () => {
  it('at any moment stops the service, frees the account and costs it nothing', async () => {
    // Never whole: whoever waits for its end waits for ever.
    const steps = [...Array.from({ length: 100 }, (_, index) => text(`piece ${index} `)), stall()]
    const moment = fc.record({
      form: fc.constantFrom(...forms),
      turnsToStay: fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 400 })),
      slice: fc.integer({ min: 1, max: 3000 }),
    })
    await fc.assert(
      fc.asyncProperty(moment, async ({ form: { path, stream }, turnsToStay, slice }) => {
        gateway.simulator.plan({ times: 1, behaviour: { kind: 'steps', steps }, delivery: { slice } })
        const leaving = new AbortController()
        const body = JSON.stringify(questionFor(path, stream))
        const left = gateway
          .fetch(path, { method: 'POST', body, signal: leaving.signal })
          .then((answer) => answer.text())
          .catch(() => 'left')
        await turns(turnsToStay)
        leaving.abort()
        expect(await left).toBe('left')

        gateway.simulator.clearPlans()
        const next = await readAnswer(await gateway.postJson(path, questionFor(path, stream)))
        expect(next).toMatchObject({ status: 200, error: undefined })
      }),
      { numRuns: 60 },
    )
    for (const entry of chats()) {
      await gateway.simulator.journal.waitFor(
        ({ order, outcome }) => order === entry.order && outcome.kind !== 'pending',
      )
    }
    expect(chats().some(({ outcome }) => outcome.kind === 'aborted-by-client')).toBe(true)
    expect(chats().filter(({ concurrency }) => concurrency > 2)).toEqual([])
    const account: unknown = await (await gateway.fetch(`/v2/accounts/${gateway.accountId}`)).json()
    expect(account).toMatchObject({ enabled: true, error_count: 0, status: { kind: 'ready' } })
    // What had left is in the log, as an estimate, without an end that it did not have.
    const lines = gateway.log.map((line): Record<string, unknown> => JSON.parse(line))
    const told = lines.filter(({ failure, usage }) => failure === 'client-gone' && usage !== undefined)
    expect(told.length).toBeGreaterThan(0)
    expect(told[0]).toMatchObject({ usage: { source: 'estimated' } })
    expect(told.filter(({ stopReason }) => stopReason !== undefined)).toEqual([])
  }, 60_000)
})

describe('a client that does not read', () => {
  it('stops the reading of the answer: what is under way is bounded by the buffers of its connections', async () => {
    const megabyte = 1024 * 1024
    const steps = Array.from({ length: 64 }, () => text('x'.repeat(megabyte)))
    gateway.simulator.plan({ times: 1, behaviour: { kind: 'steps', steps } })
    const body = JSON.stringify(questionFor(OPENAI, true))
    const head = `POST ${OPENAI} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`
    const socket = await openSocket(gateway.url)
    socket.pause()
    socket.write(head + body)
    const before = chats().length
    await gateway.simulator.journal.waitFor(() => chats().length > before)
    await turns(3000)
    socket.destroy()
    const isOver = () => ['pending', undefined].every((kind) => chats()[before]?.outcome.kind !== kind)
    await gateway.simulator.journal.waitFor(isOver)
    const outcome = chats()[before]?.outcome ?? { kind: 'none' }
    expect(outcome).toMatchObject({ kind: 'aborted-by-client' })
    expect('bytesWritten' in outcome ? outcome.bytesWritten : Infinity).toBeLessThan(32 * megabyte)
    expect('bytesWritten' in outcome ? outcome.bytesWritten : 0).toBeGreaterThan(100_000)
  }, 60_000)
})
