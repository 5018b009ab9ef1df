import { expect, it } from 'vitest'
import { presentStatus, probeDueAt, type AccountStatus, type PresentStatus } from './status.ts'

const MINUTE = 60_000

it.each([
  [0, 15],
  [1, 30],
  [4, 240],
  [5, 360],
  [500, 360],
])('after %d failed probes a disabled account is probed in %d minutes', (failedProbes, minutes) => {
  const [at, lastFailedAt] = [new Date(0), new Date(1000)]
  const due = probeDueAt({ kind: 'disabled', by: 'threshold', at, lastFailedAt, failedProbes })
  expect(due).toBe(1000 + minutes * MINUTE)
})

const cooling = (until: number): AccountStatus => ({
  kind: 'cooling',
  until: new Date(until),
  why: 'throttled',
})
const off: AccountStatus = { kind: 'disabled', by: 'operator' }
const parked: AccountStatus = { kind: 'parked', why: 'x' }

it.each<[string, AccountStatus, PresentStatus['kind']]>([
  ['ready', { kind: 'ready' }, 'paused'],
  ['resting, and longer', cooling(300), 'cooling'],
  ['resting, but not so long', cooling(150), 'paused'],
  ['rested', cooling(50), 'paused'],
  ['off', off, 'disabled'],
  ['refused for good', parked, 'parked'],
])('an account that the operator lets rest and that is %s is %s', (_, status, expected) => {
  const settings = { pausedUntil: new Date(200) }
  expect(presentStatus({ status, settings }, 100).kind).toBe(expected)
})

it('a pause ends by itself', () => {
  const paused = { status: { kind: 'ready' }, settings: { pausedUntil: new Date(200) } } as const
  expect(presentStatus(paused, 199)).toEqual({ kind: 'paused', until: new Date(200) })
  expect(presentStatus(paused, 200)).toEqual({ kind: 'ready' })
})
