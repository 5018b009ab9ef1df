/** Searches the web for the model: by the account's own channel, else by the backend of the operator. */
import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import type { SearchOutcome, SearchRules } from '../conversation/web-search.ts'
import type { PlanWishes } from '../relay/task.ts'
import type { FoundPage } from '../upstreams/upstream.ts'
import { tidyResults } from './tidy-results.ts'

/** Somebody who can be asked. Throws what went wrong, for the operator. */
export interface SearchSource {
  /** For the log. */
  readonly name: string
  /** Whether any account that may serve such a request leads there. */
  isOffered(wishes: Pick<PlanWishes, 'accountId' | 'tags'>): boolean
  /** Undefined: not for this account. */
  find(query: string, asking: Asking): Promise<readonly FoundPage[]> | undefined
}

export interface Asking {
  rules: SearchRules
  /** The account that has answered so far; undefined when that is not known. */
  accountId: string | undefined
  /** Aborts when nobody waits any longer. */
  signal: AbortSignal
}

export interface WebSearch {
  isOffered: SearchSource['isOffered']
  /** Throws `client-gone` alone. */
  search(query: string, asking: Asking): Promise<SearchOutcome>
}

interface WebSearchParts {
  /** In the order in which they are asked; the first that answers is believed. */
  sources: readonly SearchSource[]
  clock: Clock
  report: (failed: { source: string; error: unknown }) => void
}

/** Of one source. */
const TIMEOUT_MS = 10_000

export function createWebSearch({ sources, clock, report }: WebSearchParts): WebSearch {
  return {
    isOffered: (wishes) => sources.some((source) => source.isOffered(wishes)),
    async search(query, asking) {
      for (const source of sources) {
        try {
          const found = await inTime(source, query, { asking, clock })
          if (found !== undefined) return { kind: 'results', results: tidyResults(found, asking.rules) }
        } catch (error) {
          if (asking.signal.aborted) {
            throw new GatewayError('client-gone', 'The client left before its answer was complete.', {
              cause: error,
            })
          }
          report({ source: source.name, error })
        }
      }
      return { kind: 'failed', failure: 'unavailable' }
    },
  }
}

/** However the source behaves, the answer goes on: one that does not even heed the signal is left behind. */
async function inTime(
  source: SearchSource,
  query: string,
  { asking, clock }: { asking: Asking; clock: Clock },
): Promise<readonly FoundPage[] | undefined> {
  const late = new AbortController()
  const cancel = clock.after(TIMEOUT_MS, () => late.abort(new Error(`no answer in ${TIMEOUT_MS} ms`)))
  const signal = AbortSignal.any([asking.signal, late.signal])
  try {
    signal.throwIfAborted()
    const finding = source.find(query, { ...asking, signal })
    return finding && (await Promise.race([finding, untilAborted(signal)]))
  } finally {
    cancel()
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
