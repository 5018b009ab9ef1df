import { expect, it } from 'vitest'
import { probeDueAt } from './status.ts'

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
