import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startSimulator, type Simulator } from './simulator.ts'
import { createTestClient, type TestClient } from './test-client.ts'

let simulator: Simulator
let client: TestClient

beforeAll(async () => {
  simulator = await startSimulator()
  client = createTestClient(simulator)
})
afterAll(() => simulator.close())
beforeEach(() => simulator.reset())

describe('the journal', () => {
  it('tells when the client has left, and how much it had got', async () => {
    const leave = new AbortController()
    const response = await client.say('[[sim:stall]]', { signal: leave.signal })
    expect(response.status).toBe(200)
    leave.abort()
    const entry = await simulator.journal.waitFor(({ outcome }) => outcome.kind === 'aborted-by-client')
    expect(entry.outcome).toMatchObject({ bytesWritten: expect.any(Number) })
  })

  it('counts the open requests of an account', async () => {
    const { accessToken } = simulator.seed()
    const leave = new AbortController()
    await client.say('[[sim:stall]]', { accessToken, signal: leave.signal })
    await client.say('[[sim:stall]]', { accessToken, signal: leave.signal })
    await client.say('Hi')
    expect(simulator.journal.entries().map(({ concurrency }) => concurrency)).toEqual([1, 2, 1])
    leave.abort()
    await simulator.journal.waitFor(
      ({ order, outcome }) => order === 2 && outcome.kind === 'aborted-by-client',
    )
    await simulator.journal.waitFor(
      ({ order, outcome }) => order === 1 && outcome.kind === 'aborted-by-client',
    )
    await client.say('Hi', { accessToken })
    expect(simulator.journal.entries().at(-1)?.concurrency).toBe(1)
  })

  it('keeps body and headers, but no token', async () => {
    const { accessToken, id } = simulator.seed()
    await client.say('Hi', { accessToken })
    const [entry] = simulator.journal.entries()
    expect(entry).toMatchObject({
      accountId: id,
      headers: { authorization: `account:${id}` },
      body: { conversationState: { chatTriggerType: 'MANUAL' } },
    })
    expect(JSON.stringify(entry)).not.toContain(accessToken)
  })

  it('records a refusal with its violations', async () => {
    await client.say('')
    expect(simulator.journal.entries()).toMatchObject([
      {
        outcome: { kind: 'refused', status: 400, reason: 'REQUEST_BODY_INVALID' },
        violations: [{ rule: 'S13' }],
      },
    ])
  })

  it('rejects those who wait when the simulator closes', async () => {
    const other = await startSimulator()
    const waiting = other.journal.waitFor(() => true)
    const [waited] = await Promise.allSettled([waiting, other.close()])
    expect(waited.status).toBe('rejected')
  })
})
