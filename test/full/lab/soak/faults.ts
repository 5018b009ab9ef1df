/**
 * What goes wrong at the service, for one request in a hundred. That a model has no room is not among it: this is said of the
 * model, which then rests for everybody.
 */
import type { Random } from '../../hostile/random.ts'
import type { SimulatedService } from './simulated-service.ts'

/** Before anything of an answer has left for a client, so that another attempt may still answer it. */
const early = [
  'throttled',
  'throttled-429',
  'internal-error',
  'unavailable',
  'html-502',
  'no-answer',
  'undersized-frame',
  'empty',
  'trailer-only',
  'hang',
] as const
/** In the middle of it: a stream that has begun can only end with the error of its API. */
const late = [
  'connection-cut',
  'connection-reset',
  'mid-frame-end',
  'mid-frame-cut',
  'bad-prelude-crc',
  'bad-message-crc',
  'unmodelled-error',
] as const
/** Access tokens of an account end long before their time, and have to be refreshed. */
const TOKENS = 'refused tokens'
const kinds = [...early, ...late, TOKENS, TOKENS] as const

interface FaultParts {
  service: Pick<SimulatedService, 'planOnce' | 'refuseTokens'>
  /** The accounts as the simulator calls them. */
  accountIds: readonly [string, ...string[]]
  chance: Random
}

export interface Faults {
  counts: { early: number; late: number; tokens: number }
  /** Perhaps, for the next request. */
  befall(): Promise<void>
}

const ONE_OF = 100

export function createFaults({ service, accountIds, chance }: FaultParts): Faults {
  const counts = { early: 0, late: 0, tokens: 0 }
  return {
    counts,
    async befall() {
      if (chance.below(ONE_OF) > 0) return
      const kind = chance.pick([kinds[0], ...kinds.slice(1)])
      if (kind === TOKENS) {
        counts.tokens += 1
        return service.refuseTokens(chance.pick(accountIds))
      }
      if (late.some((name) => name === kind)) counts.late += 1
      else counts.early += 1
      await service.planOnce(kind)
    },
  }
}
