import { describe, expect, it } from 'vitest'
import { compare, type Change, type Compared } from './compare.ts'
import { noCounts } from './sample-counts.ts'

const counts = (changes: Partial<typeof noCounts>) => ({ ...noCounts, ...changes })

const rounded = (change: Change) =>
  'by' in change ? { ...change, by: Math.round(change.by * 1000) / 1000 } : change

describe('a figure beside that of before', () => {
  it.each<[Compared, Partial<typeof noCounts>, Partial<typeof noCounts>, Change]>([
    ['requests', { ok: 15 }, { ok: 8, cancelled: 2 }, { kind: 'up', by: 0.5 }],
    ['requests', {}, { ok: 10 }, { kind: 'down', by: 1 }],
    ['requests', { ok: 1001 }, { ok: 1000 }, { kind: 'same' }],
    ['requests', { ok: 5 }, {}, { kind: 'unknown' }],
    ['success', { ok: 9, shed: 1 }, { ok: 5, shed: 5 }, { kind: 'up', by: 0.4 }],
    ['success', { cancelled: 1 }, { ok: 5 }, { kind: 'unknown' }],
    ['firstToken', { firstTokenP50Ms: 50 }, { ok: 1, firstTokenP50Ms: 100 }, { kind: 'down', by: 0.5 }],
    ['firstToken', { firstTokenP50Ms: null }, { ok: 1, firstTokenP50Ms: 100 }, { kind: 'unknown' }],
    ['tokens', { outputTokens: 5 }, { shed: 1 }, { kind: 'unknown' }],
    ['tokens', { outputTokens: 30 }, { ok: 1, outputTokens: 10 }, { kind: 'up', by: 2 }],
  ])('of %s: %j after %j', (what, sum, previous, change) => {
    const found = compare({ sum: counts(sum), previous: counts(previous) }, what)
    expect(rounded(found)).toEqual(change)
  })
})
