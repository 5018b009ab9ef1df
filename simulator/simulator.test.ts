import { describe, expect, it } from 'vitest'
import { startSimulator } from './simulator.ts'
import { createTestClient } from './test-client.ts'

describe('closing', () => {
  it('destroys open streams', async () => {
    const simulator = await startSimulator()
    const response = await createTestClient(simulator).say('[[sim:stall]]')
    await simulator.close()
    await expect(response.text()).rejects.toThrow(TypeError)
  })
})

function startFrozen() {
  return startSimulator({
    time: { now: () => 1_750_000_000_000, after: () => () => undefined },
    randomBytes: (count) => new Uint8Array(count).fill(7),
  })
}

describe('injected time and randomness', () => {
  it('make two simulators agree to the letter', async () => {
    const [first, second] = await Promise.all([startFrozen(), startFrozen()])
    expect(first.seed()).toEqual(second.seed())
    await createTestClient(first).say('Hi')
    expect(first.journal.entries()[0]?.receivedAt).toBe(1_750_000_000_000)
    await Promise.all([first.close(), second.close()])
  })
})
