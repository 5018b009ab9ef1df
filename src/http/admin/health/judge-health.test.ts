import { describe, expect, it } from 'vitest'
import { judgeHealth, type HealthCode, type Measured, type Measurements } from './judge-health.ts'

const well: Measurements = {
  database: 1,
  disk: 5e10,
  'event-loop': 2,
  memory: 0.1,
  clock: 0,
  proxy: 'unused',
  'token-refresh': 60,
}
const stateOf = (code: HealthCode, measured: Measured) =>
  judgeHealth({ ...well, [code]: measured }).find((check) => check.code === code)?.state

describe('health', () => {
  it('is told in one order, with the limits', () => {
    const checks = judgeHealth(well)
    expect(checks.map(({ state }) => state)).toEqual([
      'good',
      'good',
      'good',
      'good',
      'good',
      'unused',
      'good',
    ])
    expect(checks[0]).toEqual({
      code: 'database',
      state: 'good',
      value: 1,
      unit: 'milliseconds',
      warnAt: 50,
      badAt: 500,
    })
    expect(checks[5]?.value).toBeNull()
  })

  it.each<[HealthCode, Measured, string]>([
    ['database', 49.9, 'good'],
    ['database', 50, 'warn'],
    ['database', 500, 'bad'],
    ['database', 'failed', 'bad'],
    ['disk', 1e9 + 1, 'good'],
    ['disk', 1e9, 'warn'],
    ['disk', 0, 'bad'],
    ['memory', 0.7, 'warn'],
    ['clock', -31, 'warn'],
    ['clock', 500, 'bad'],
    ['clock', 'unknown', 'unknown'],
    ['proxy', 'failed', 'bad'],
    ['token-refresh', 7200, 'warn'],
    ['token-refresh', 'unused', 'unused'],
  ])('of %s at %s is %s', (code, measured, state) => {
    expect(stateOf(code, measured)).toBe(state)
  })
})
