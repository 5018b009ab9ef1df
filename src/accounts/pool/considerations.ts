/** Why a request went to which account: what the pool would say of each, for the operator. */
import { unreachable } from '../../conversation/unreachable.ts'
import { hasTagOf, isEnabled, type Account } from '../account.ts'
import type { Assessment } from './assessment.ts'
import type { Entry } from './entry.ts'

/** More would not be read. */
const MOST_CONSIDERED = 50

export interface Consideration {
  accountId: string
  verdict:
    | 'chosen'
    | 'not-chosen'
    | 'busy'
    | 'resting'
    | 'waits-for-operator'
    | 'lacks-model'
    /** It has none of the tags that the key is limited to. */
    | 'lacks-tag'
    /** The request tried it before. */
    | 'excluded'
    /** The lazy pool leaves it out. */
    | 'not-serving'
  /** In milliseconds since the epoch. */
  until?: number
  words?: string
}

/**
 * How the request came to its account: its conversation's own, the one that stands in for that, another than its own
 * since that one is much busier, or any by the strategy.
 */
export type PlacementKind = 'own' | 'stand-in' | 'elsewhere' | 'anywhere'

interface Question {
  model?: string | undefined
  tags?: readonly string[] | undefined
  exclude?: ReadonlySet<string> | undefined
  avoid?: ((account: Account) => boolean) | undefined
  /** Those that are known to be ready for it: of them nothing more needs to be asked. */
  isReady?: (entry: Entry) => boolean
}

/** Of all that are enabled, the chosen one first. */
export function explain(
  entries: Iterable<Entry>,
  assessment: Assessment,
  asked: Question & { chosen?: Entry },
): Consideration[] {
  const { chosen } = asked
  const considered: Consideration[] =
    chosen === undefined ? [] : [{ accountId: chosen.account.id, verdict: 'chosen' }]
  for (const entry of entries) {
    if (considered.length >= MOST_CONSIDERED) break
    if (entry !== chosen && isEnabled(entry.account)) considered.push(judge(entry, assessment, asked))
  }
  return considered
}

function judge(entry: Entry, assessment: Assessment, asked: Question): Consideration {
  const { model, tags, exclude, avoid, isReady } = asked
  const accountId = entry.account.id
  if (isReady?.(entry) === true && exclude?.has(accountId) !== true && avoid?.(entry.account) !== true) {
    return entry.notChosen
  }
  if (!hasTagOf(entry.account, tags)) return { accountId, verdict: 'lacks-tag' }
  if (!entry.serves) return { accountId, verdict: 'not-serving' }
  if (exclude?.has(accountId) === true) return { accountId, verdict: 'excluded' }
  const availability = assessment.of(entry, model)
  const { kind } = availability
  switch (kind) {
    case 'ready':
      return avoid?.(entry.account) === true
        ? { ...entry.notChosen, words: 'The service that it goes to is down.' }
        : entry.notChosen
    case 'probing':
      return {
        accountId,
        verdict: 'resting',
        until: availability.until,
        words: 'Being tried again after its pause.',
      }
    case 'resting':
    case 'waits-for-operator': {
      const { until, words } = availability
      return { accountId, verdict: kind, words, ...(until !== undefined && { until }) }
    }
    case 'busy':
    case 'lacks-model':
      return { accountId, verdict: kind }
    default:
      return unreachable(kind)
  }
}
