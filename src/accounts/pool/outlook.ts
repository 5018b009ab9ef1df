/** Whether it is worth it for a request to wait, and what its client is told when it is not. */
import type { Clock } from '../../clock.ts'
import { GatewayError } from '../../conversation/failures.ts'
import {
  nobodyReady,
  noneEnabled,
  noneWithTag,
  retryAfterSeconds,
  soonestOf,
  type Availability,
} from '../standing/availability.ts'
import type { Entries } from './entries.ts'
import type { ModelPauses } from '../standing/model-pauses.ts'
import type { ReadyIndex, Wanted } from './ready-index.ts'

/** Of this moment: all accounts are looked at once, however much is asked of it. */
export interface Outlook {
  /** A busy account has room again nobody knows when, and a probe is answered nobody knows when. */
  isReadyBy(lastMoment: number): boolean
  refusal(): GatewayError
  /** Until some account is ready for the model and the model has room; undefined when that is so, or time will not help. */
  retryAfterSeconds(): number | undefined
}

interface OutlookParts {
  entries: Pick<Entries, 'size' | 'enabled'>
  index: Pick<ReadyIndex, 'survey'>
  pauses: Pick<ModelPauses, 'pausedUntil'>
  clock: Pick<Clock, 'now'>
}

/** Answers a function of what is wanted. */
export function createOutlook({ entries, index, pauses, clock }: OutlookParts) {
  return (wanted: Wanted): Outlook => {
    const { model, tags } = wanted
    const now = clock.now()
    const pausedUntil = model === undefined ? undefined : pauses.pausedUntil(model)
    let surveyed: readonly Availability[] | undefined
    const survey = () => (surveyed ??= index.survey(wanted))

    return {
      isReadyBy(lastMoment) {
        if (pausedUntil !== undefined) return pausedUntil <= lastMoment
        const isOpen = survey().some(({ kind }) => kind === 'ready' || kind === 'busy' || kind === 'probing')
        return isOpen || (soonestOf(survey()) ?? Number.POSITIVE_INFINITY) <= lastMoment
      },
      refusal() {
        if (entries.enabled().length === 0) return noneEnabled(entries.size > 0)
        if (tags !== undefined && survey().length === 0) return noneWithTag(tags)
        if (pausedUntil === undefined) return nobodyReady(survey(), { model, tags, now })
        return noCapacity(pausedUntil - now)
      },
      retryAfterSeconds() {
        const isReady = survey().some(({ kind }) => kind === 'ready' || kind === 'busy')
        const soonest = isReady ? undefined : soonestOf(survey())
        if (!isReady && soonest === undefined) return undefined
        const until = Math.max(soonest ?? 0, pausedUntil ?? 0)
        return until === 0 ? undefined : retryAfterSeconds(until - now)
      },
    }
  }
}

function noCapacity(pauseMs: number): GatewayError {
  return new GatewayError(
    'capacity',
    'Amazon Q has no capacity left for this model at the moment. Send the request again later, or choose another model.',
    { retryAfterSeconds: retryAfterSeconds(pauseMs) },
  )
}
