import type { Setting } from '../../api/types.ts'

/** For tests. */
export function sampleSetting(changes: Partial<Setting> = {}): Setting {
  return {
    name: 'MAX_ERROR_COUNT',
    group: 'pool',
    kind: { type: 'number', least: 1, most: 100, isWhole: true },
    unit: null,
    value: '5',
    isSet: false,
    default: '5',
    source: 'default',
    lockedBy: null,
    applies: 'at-once',
    inConsole: null,
    isInConsole: false,
    pending: null,
    problem: null,
    ...changes,
  }
}
