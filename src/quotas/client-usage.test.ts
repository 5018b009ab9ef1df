import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import type { Usage } from '../conversation/reply.ts'
import type { UsageRow } from './client-usage-store.ts'
import { createClientUsage } from './client-usage.ts'

const usage: Usage = {
  inputTokens: 10,
  outputTokens: 5,
  cacheReadTokens: 2,
  cacheWriteTokens: 1,
  credits: 0.25,
  source: 'upstream',
}

function open() {
  const clock = createFakeClock(Date.parse('2026-11-22T23:59:00Z'))
  const batches: (readonly UsageRow[])[] = []
  const reported: unknown[] = []
  const pruned: string[] = []
  const state = { fails: false }
  const clientUsage = createClientUsage({
    store: {
      async add(rows) {
        if (state.fails) throw new Error('disk full')
        batches.push(rows)
      },
      listSince: async (client, day) =>
        batches.flat().filter((row) => row.client === client && row.day >= day),
      prune: async (day) => void pruned.push(day),
    },
    clock,
    report: (error) => reported.push(error),
  })
  return { clock, batches, reported, pruned, state, clientUsage }
}

describe('the usage of clients', () => {
  it('is stored in one batch, two seconds later', async () => {
    const { clock, batches, clientUsage } = open()
    for (let round = 0; round < 3; round += 1) clientUsage.note({ client: 'c', model: 'm', usage })
    clientUsage.note({ client: 'c', model: 'm' })
    clock.advance(1999)
    expect(batches).toEqual([])
    clock.advance(1)
    await clientUsage.close()
    expect(batches).toMatchObject([
      [
        { source: 'upstream', requests: 3, inputTokens: 30, credits: 0.75 },
        { source: 'none', requests: 1, inputTokens: 0 },
      ],
    ])
    expect(clock.pending()).toBe(0)
  })

  it('has what was thrown away on the way to an answer, or to none', async () => {
    const { clock, clientUsage } = open()
    const thrownAway = [{ ...usage, source: 'estimated' as const }, usage]
    clientUsage.note({ client: 'c', model: 'm', usage, thrownAway })
    clientUsage.note({ client: 'c', model: 'm', thrownAway: [usage] })
    clock.advance(2000)
    expect(await clientUsage.read('c')).toMatchObject({
      today: {
        requests: 2,
        unansweredRequests: 1,
        inputTokens: 40,
        credits: 1,
        tokensBySource: { upstream: 54, estimated: 18 },
      },
    })
  })

  it('is kept when it cannot be stored, and stored once', async () => {
    const { clock, batches, reported, state, clientUsage } = open()
    clientUsage.note({ client: 'c', model: 'm', usage })
    state.fails = true
    await clientUsage.read('c')
    expect(reported).toHaveLength(1)
    clientUsage.note({ client: 'c', model: 'm', usage })
    state.fails = false
    clock.advance(2000)
    await clientUsage.read('c')
    expect(batches).toMatchObject([[{ requests: 2, credits: 0.5 }]])
  })

  it('is told by day, month and model, to its own client alone', async () => {
    const { clock, clientUsage } = open()
    clientUsage.note({ client: 'c', model: 'm', usage })
    clientUsage.note({ client: 'other', model: 'm', usage })
    clock.advance(120_000)
    clientUsage.note({ client: 'c', model: 'n', usage: { ...usage, source: 'estimated' } })
    clientUsage.note({ client: 'c', model: 'm' })
    const summary = await clientUsage.read('c')
    expect(summary).toMatchObject({
      day: '2026-11-23',
      today: { requests: 2, unansweredRequests: 1, credits: 0.25 },
      month: { requests: 3, outputTokens: 10, tokensBySource: { upstream: 18, estimated: 18 } },
      models: [
        { model: 'm', today: { requests: 1 }, month: { requests: 2 } },
        { model: 'n', today: { requests: 1 }, month: { requests: 1 } },
      ],
    })
  })

  it('forgets what is older than 400 days, once a day', async () => {
    const { pruned, clientUsage } = open()
    for (let round = 0; round < 2; round += 1) {
      clientUsage.note({ client: 'c', model: 'm', usage })
      await clientUsage.read('c')
    }
    expect(pruned).toEqual(['2025-10-18'])
  })
})
