/** F20 at a small count; test/full/clients.ts has the large one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startForHostileClients, type HostileClients } from './full/hostile/run-clients.ts'

const CLIENTS = 100

let clients: HostileClients
beforeAll(async () => {
  clients = await startForHostileClients()
})
afterAll(() => clients.gateway.close())

describe('F20: clients that are slow, odd or rude', () => {
  it('get whole answers or leave, and nothing is held, blamed or counted for those that left', async () => {
    const kinds = await clients.run({ seed: 20, count: CLIENTS, atOnce: 10 })
    expect([...kinds.keys()].toSorted()).toEqual([
      'comesBack',
      'halfCloses',
      'halfClosesEarly',
      'leavesWhileAsking',
      'leavesWhileReading',
      'neverReads',
      'pauses',
      'pipelines',
      'pipelinesAndLeaves',
      'storms',
    ])
    await clients.checkBooks()
  }, 60_000)
})
