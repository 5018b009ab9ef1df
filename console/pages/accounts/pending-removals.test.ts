import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPendingRemovals, REMOVAL_DELAY_MS } from './pending-removals.ts'

function createTrack() {
  const removed: string[][] = []
  const hows: boolean[] = []
  const removals = createPendingRemovals(async (ids, { isLeaving }) => {
    removed.push([...ids])
    hows.push(isLeaving)
  })
  return { removals, removed, hows, hidden: () => [...removals.hidden.value] }
}

describe('accounts that are about to be deleted', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('are hidden at once and deleted when the time to take it back is over', async () => {
    const { removals, removed, hidden } = createTrack()
    removals.plan(['a', 'b'])
    await vi.advanceTimersByTimeAsync(REMOVAL_DELAY_MS - 1)
    expect({ removed, hidden: hidden() }).toEqual({ removed: [], hidden: ['a', 'b'] })
    await vi.advanceTimersByTimeAsync(1)
    expect({ removed, hidden: hidden() }).toEqual({ removed: [['a', 'b']], hidden: [] })
  })

  it('come back when it is taken back, and are never deleted', async () => {
    const { removals, removed, hidden } = createTrack()
    const undo = removals.plan(['a'])
    removals.plan(['b'])
    undo()
    expect(hidden()).toEqual(['b'])
    await vi.advanceTimersByTimeAsync(REMOVAL_DELAY_MS)
    expect(removed).toEqual([['b']])
  })

  it('cannot be taken back once they are being deleted', async () => {
    const { removals, removed } = createTrack()
    const undo = removals.plan(['a'])
    await vi.advanceTimersByTimeAsync(REMOVAL_DELAY_MS)
    undo()
    expect(removed).toEqual([['a']])
  })

  it('are deleted at once, and once, when the page is left', async () => {
    const { removals, removed, hows } = createTrack()
    removals.plan(['a'])
    removals.plan(['b'])
    void removals.removeNow()
    expect({ removed, hows }).toEqual({ removed: [['a'], ['b']], hows: [true, true] })
    await vi.advanceTimersByTimeAsync(REMOVAL_DELAY_MS)
    expect(removed).toHaveLength(2)
  })
})
