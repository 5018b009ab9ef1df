/** What was measured of the gateway's surroundings, held against what it needs. Pure. */

export const healthCodes = [
  'database',
  'disk',
  'event-loop',
  'memory',
  'clock',
  'proxy',
  'token-refresh',
] as const
export type HealthCode = (typeof healthCodes)[number]

/** `unknown`: nobody could tell yet. `unused`: there is nothing of the kind here. */
export const healthStates = ['good', 'warn', 'bad', 'unknown', 'unused'] as const
export type HealthState = (typeof healthStates)[number]

export const healthUnits = ['milliseconds', 'bytes', 'share', 'seconds'] as const

/** `failed`: it was tried, and there is no value. */
export type Measured = number | 'failed' | 'unknown' | 'unused'

export type Measurements = Readonly<Record<HealthCode, Measured>>

interface Threshold {
  unit: (typeof healthUnits)[number]
  warnAt: number
  badAt: number
  /** Less is worse, where more is for all others. */
  isLeast?: true
}

const thresholds: Readonly<Record<HealthCode, Threshold>> = {
  database: { unit: 'milliseconds', warnAt: 50, badAt: 500 },
  disk: { unit: 'bytes', warnAt: 1e9, badAt: 2e8, isLeast: true },
  'event-loop': { unit: 'milliseconds', warnAt: 50, badAt: 250 },
  memory: { unit: 'share', warnAt: 0.7, badAt: 0.9 },
  clock: { unit: 'seconds', warnAt: 30, badAt: 240 },
  proxy: { unit: 'milliseconds', warnAt: 1000, badAt: 2000 },
  // Tokens live for an hour: where none was refreshed for two, nobody refreshes them.
  'token-refresh': { unit: 'seconds', warnAt: 7200, badAt: 21_600 },
}

export interface HealthCheck {
  code: HealthCode
  state: HealthState
  /** Null: there is none. */
  value: number | null
  unit: Threshold['unit']
  warnAt: number
  badAt: number
}

export function judgeHealth(measurements: Measurements): HealthCheck[] {
  return healthCodes.map((code) => {
    const measured = measurements[code]
    const { unit, warnAt, badAt } = thresholds[code]
    return {
      code,
      state: stateOf(measured, thresholds[code]),
      value: typeof measured === 'number' ? measured : null,
      unit,
      warnAt,
      badAt,
    }
  })
}

function stateOf(measured: Measured, { warnAt, badAt, isLeast }: Threshold): HealthState {
  if (measured === 'failed') return 'bad'
  if (typeof measured !== 'number') return measured
  const reaches = (limit: number) => (isLeast === true ? measured <= limit : Math.abs(measured) >= limit)
  if (reaches(badAt)) return 'bad'
  return reaches(warnAt) ? 'warn' : 'good'
}
