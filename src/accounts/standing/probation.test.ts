import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  afterAnswer,
  afterLent,
  afterLightFailure,
  afterNoWord,
  afterPause,
  blockedUntil,
  pauseAfterStrikes,
  probationAt,
  type Probation,
} from './probation.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

describe('an account after a pause', () => {
  const paused = afterPause(undefined, 0)

  it('is lent once, and not again before the service has answered', () => {
    expect(blockedUntil(paused, 1)).toBeUndefined()
    const probed = afterLent(paused, 1)
    expect(blockedUntil(probed, 2)).toBe(1 + 20 * SECOND)
    const passed = afterAnswer(probed, { lentAt: 1, now: 3 })
    expect(blockedUntil(passed, 3)).toBeUndefined()
    expect(blockedUntil(afterLent(passed, 3), 3)).toBeUndefined()
  })

  it('is lent again when the probe ended without a word, or takes too long', () => {
    const probed = afterLent(paused, 1)
    expect(blockedUntil(afterNoWord(probed, 1), 2)).toBeUndefined()
    expect(blockedUntil(afterNoWord(probed, 0), 2)).toBeDefined()
    expect(blockedUntil(probed, 1 + 20 * SECOND)).toBeUndefined()
  })

  it('is not proved by an answer to what began before it failed', () => {
    const again = afterPause(paused, 100)
    expect(afterAnswer(again, { lentAt: 99, now: 200 })).toBe(again)
  })

  it('is proved by its probe, although what began before that fails meanwhile', () => {
    const failed = afterLightFailure(afterLent(paused, 10), 20)
    const passed = afterAnswer(failed, { lentAt: 10, now: 30 })
    expect(blockedUntil(passed, 30)).toBeUndefined()
  })

  it('is watched until it has been well for a minute', () => {
    const passed = afterAnswer(afterLent(paused, 1), { lentAt: 1, now: 2 })
    expect(probationAt(passed, 1 + MINUTE)).toBe(passed)
    expect(probationAt(passed, 2 + MINUTE)).toBeUndefined()
    const failedAgain = afterLightFailure(passed, 30 * SECOND)
    expect(probationAt(failedAgain, 2 + MINUTE)).toBe(failedAgain)
    expect(probationAt(failedAgain, 90 * SECOND)).toBeUndefined()
  })

  it('is watched without end while nothing has proved it', () => {
    expect(probationAt(paused, 100 * MINUTE)).toBe(paused)
  })

  it('keeps when it fell out of favour through all that follows', () => {
    const relapsed = afterPause(afterAnswer(paused, { lentAt: 1, now: 2 }), 10 * SECOND)
    expect(relapsed).toEqual({ since: 0, failedAt: 10 * SECOND, probe: { kind: 'due' } })
  })
})

it('has nothing to say of an account that never failed', () => {
  expect(blockedUntil(undefined, 0)).toBeUndefined()
  expect(afterLent(undefined, 0)).toBeUndefined()
  expect(afterLightFailure(undefined, 0)).toBeUndefined()
  expect(afterAnswer(undefined, { lentAt: 0, now: 0 })).toBeUndefined()
  expect(afterNoWord(undefined, 0)).toBeUndefined()
  expect(probationAt(undefined, 0)).toBeUndefined()
})

/** One request every 100 ms, as far as the account takes it; a failure is known after 50 ms, an answer after 300. */
function live(isGood: (at: number) => boolean, lengthMs: number) {
  const due: { at: number; act: () => void }[] = []
  let probation: Probation | undefined
  let pausedUntil = 0
  let backoff = 0
  const changes: number[] = []
  const seen = { pauses: 0, failedProbes: 0, served: 0, failed: 0 }

  function fail(lentAt: number, at: number, wasProbe: boolean): void {
    seen.failed += 1
    if (at < pausedUntil || lentAt < (probation?.failedAt ?? 0)) return
    if (wasProbe) seen.failedProbes += 1
    if (probation === undefined) changes.push(at)
    seen.pauses += 1
    pausedUntil = at + Math.min(SECOND * 2 ** backoff, MINUTE)
    backoff += 1
    probation = afterPause(probation, at)
  }

  for (let now = 0; now < lengthMs; now += 50) {
    for (const { act } of due.filter(({ at }) => at === now)) act()
    due.splice(0, due.length, ...due.filter(({ at }) => at > now))
    const watched = probationAt(probation, now)
    if (watched === undefined && probation !== undefined) changes.push(now)
    probation = watched
    if (now % 100 !== 0 || now < pausedUntil || blockedUntil(probation, now) !== undefined) continue
    const wasProbe = probation !== undefined && probation.probe.kind !== 'passed'
    probation = afterLent(probation, now)
    if (isGood(now)) {
      const act = () => {
        seen.served += 1
        backoff = 0
        probation = afterAnswer(probation, { lentAt: now, now: now + 300 })
      }
      due.push({ at: now + 300, act })
    } else due.push({ at: now + 50, act: () => fail(now, now + 50, wasProbe) })
  }
  return { ...seen, changes }
}

describe('an account that comes and goes', () => {
  it('changes its state once in an hour when it is good and bad for ten seconds each', () => {
    const { changes, pauses, failedProbes, served, failed } = live(
      (at) => Math.floor(at / (10 * SECOND)) % 2 === 0,
      60 * MINUTE,
    )
    expect(changes).toHaveLength(1)
    expect(failedProbes).toBeLessThan(pauses)
    // One failure that begins each bad time, and one probe for each pause in it.
    expect(failed).toBeLessThanOrEqual(180 * 5)
    // The last pause of a bad time takes half of the good one.
    expect(served).toBeGreaterThan(180 * 30)
  })

  it('changes its state no more often than twice a minute, whatever its rhythm', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 120 }), (good, bad) => {
        const turn = (good + bad) * SECOND
        const { changes } = live((at) => at % turn < good * SECOND, 10 * MINUTE)
        const spans = changes.slice(2).map((at, index) => at - (changes[index] ?? 0))
        expect(Math.min(MINUTE, ...spans)).toBe(MINUTE)
      }),
      { numRuns: 20 },
    )
  })
})

describe('the pause after strikes in a row', () => {
  it.each([
    [0, undefined],
    [2.5, undefined],
    [3, 500],
    [3.5, 500],
    [4, 1000],
    [6, 4000],
    [7, 5000],
    [1000, 5000],
  ])('after %d of them is at most %s ms and at least half of it', (strikes, longest) => {
    expect(pauseAfterStrikes(strikes, () => 0)).toBe(longest === undefined ? undefined : longest / 2)
    const most = pauseAfterStrikes(strikes, () => 1 - Number.EPSILON)
    expect(most === undefined ? undefined : Math.round(most)).toBe(longest)
  })
})
