/** How a figure stands to that of as long a time before. Pure. */
import type { Traffic } from '../../api/types.ts'
import { errorShareOf, requestsOf } from './verdict.ts'

type Counts = Traffic['sum']

export type Change =
  /** Nothing was asked then: there is nothing to be compared with. */
  | { kind: 'unknown' }
  | { kind: 'same' }
  /** `by`: a share of what it was, or percentage points where both are shares. */
  | { kind: 'up' | 'down'; by: number }

/** Less than this is chance, and not worth a word. */
const LEAST = 0.005

export type Compared = 'requests' | 'success' | 'firstToken' | 'tokens'

export function compare({ sum, previous }: Pick<Traffic, 'sum' | 'previous'>, what: Compared): Change {
  if (requestsOf(previous) === 0) return { kind: 'unknown' }
  const now = readers[what](sum)
  const before = readers[what](previous)
  if (now === null || before === null) return { kind: 'unknown' }
  if (what === 'success') return changeOf(now - before)
  return before === 0 ? { kind: 'unknown' } : changeOf((now - before) / before)
}

const readers: Record<Compared, (counts: Counts) => number | null> = {
  requests: requestsOf,
  success: (counts) => {
    const share = errorShareOf(counts)
    return share === undefined ? null : 1 - share
  },
  firstToken: ({ firstTokenP50Ms }) => firstTokenP50Ms,
  tokens: ({ outputTokens }) => outputTokens,
}

function changeOf(by: number): Change {
  if (Math.abs(by) < LEAST) return { kind: 'same' }
  return { kind: by > 0 ? 'up' : 'down', by: Math.abs(by) }
}
