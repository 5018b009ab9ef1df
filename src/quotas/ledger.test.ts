import { describe, expect, it } from 'vitest'
import { creditsLeft, type Quota } from '../accounts/quota.ts'
import { createLedger } from './ledger.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const at = new Date(NOW)
const plan = (used: number, readAt = at): Quota => ({ readAt, sources: [{ kind: 'plan', used, limit: 100 }] })

function open() {
  const ledger = createLedger(() => NOW)
  const left = () => {
    const quota = ledger.quotaOf('a')
    return quota && creditsLeft(quota, NOW)
  }
  return { ledger, left }
}

describe('the ledger', () => {
  it('takes what answers cost off what was read, stored or not, and each once', () => {
    const { ledger, left } = open()
    expect(left()).toBeUndefined()
    ledger.noteReading('a', plan(10), 'ready')
    ledger.noteSpending({ accountId: 'a', credits: 5, at })
    expect(left()).toBe(85)
    const taken = ledger.takeUnstored()
    expect(taken).toEqual([{ accountId: 'a', credits: 5, at }])
    ledger.noteSpending({ accountId: 'a', credits: 1, at })
    expect(left()).toBe(84)
    ledger.noteStored(taken)
    expect(left()).toBe(84)
    ledger.learnSpending({ accountId: 'a', spent: 25, usedAt: at, readAt: at })
    expect(left()).toBe(64)
  })

  it.each([
    ['an older reading', NOW - 1],
    ['a reading that it does not know yet', NOW + 1],
  ])('counts nothing that was spent since %s', (_case, readAt) => {
    const { ledger, left } = open()
    ledger.noteReading('a', plan(30), 'ready')
    ledger.learnSpending({ accountId: 'a', spent: 20, usedAt: at, readAt: new Date(readAt) })
    expect(left()).toBe(70)
    expect(ledger.historyOf('a').usedAt).toBe(NOW)
  })

  it('forgets accounts of which nothing is stored, but not what it has still to store', () => {
    const { ledger, left } = open()
    ledger.noteReading('a', plan(10), 'ready')
    ledger.noteSpending({ accountId: 'b', credits: 1, at })
    ledger.keepOnly(new Set())
    expect(left()).toBeUndefined()
    const taken = ledger.takeUnstored()
    expect(taken).toEqual([{ accountId: 'b', credits: 1, at }])
    ledger.noteStored(taken)
    ledger.keepOnly(new Set())
    expect(ledger.historyOf('b').usedAt).toBeUndefined()
  })

  it('keeps what could not be stored', () => {
    const { ledger, left } = open()
    ledger.noteReading('a', plan(10), 'ready')
    ledger.noteSpending({ accountId: 'a', credits: 5, at })
    ledger.putBack(ledger.takeUnstored())
    expect(left()).toBe(85)
    expect(ledger.takeUnstored()).toEqual([{ accountId: 'a', credits: 5, at }])
  })

  it('begins anew with each reading, which knows of every answer', () => {
    const { ledger, left } = open()
    ledger.noteReading('a', plan(10), 'ready')
    ledger.noteSpending({ accountId: 'a', credits: 5, at })
    const taken = ledger.takeUnstored()
    ledger.noteReading('a', plan(15), 'ready')
    ledger.noteStored(taken)
    expect(left()).toBe(85)
  })

  it('takes over what another process has read, and not what is older than its own', () => {
    const { ledger, left } = open()
    ledger.noteReading('a', plan(10), 'ready')
    const later = new Date(NOW + 1)
    const stored = { accountId: 'a', failures: 0, spent: 1 }
    ledger.learn({ ...stored, quota: plan(30, later), triedAt: later })
    expect(left()).toBe(69)
    ledger.learn({ ...stored, quota: plan(20), triedAt: at })
    expect(left()).toBe(69)
  })

  it('does not count again what it has not stored yet when another process reads', () => {
    const { ledger, left } = open()
    ledger.noteReading('a', plan(10), 'ready')
    ledger.noteSpending({ accountId: 'a', credits: 5, at: new Date(NOW + 1) })
    const readAt = new Date(NOW + 2)
    ledger.learn({ accountId: 'a', failures: 0, spent: 0, quota: plan(15, readAt), triedAt: readAt })
    expect(left()).toBe(85)
    ledger.noteSpending({ accountId: 'a', credits: 1, at: new Date(NOW + 3) })
    ledger.learn({
      accountId: 'a',
      failures: 1,
      spent: 0,
      quota: plan(15, readAt),
      triedAt: new Date(NOW + 4),
    })
    expect(left()).toBe(84)
  })

  it('keeps the last reading when the next one fails', () => {
    const { ledger, left } = open()
    ledger.noteReading('a', plan(10), 'ready')
    ledger.noteFailure('a', { error: 'out of reach', at: new Date(NOW + 5), status: 'ready' })
    expect(left()).toBe(90)
    expect(ledger.lastTryOf('a')).toEqual({ triedAt: new Date(NOW + 5), error: 'out of reach' })
    expect(ledger.historyOf('a').failures).toBe(1)
  })
})
