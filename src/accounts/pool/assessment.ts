/** What an account may be used for in this moment, by all that the pool knows of it. */
import { isEnabled, type Account } from '../account.ts'
import { availabilityOf, type Availability } from '../standing/availability.ts'
import type { Entry } from './entry.ts'
import type { ModelPauses } from '../standing/model-pauses.ts'
import type { Slots } from '../slots/slots.ts'

export interface Assessment {
  /** Undefined model: whichever. */
  of(entry: Entry, model: string | undefined): Availability
  /** Whether the account does not get the model, whatever else it may be used for. */
  lacks(entry: Entry, model: string): boolean
  /** Whether the account takes part at all: it is switched on, and the lazy pool has it serve. */
  takesPart(entry: Entry): boolean
  /** Requests at once; infinite: no limit. */
  limitOf(account: Account): number
}

interface AssessmentParts {
  now: () => number
  models: { offers(accountId: string, model: string): boolean } | undefined
  pauses: Pick<ModelPauses, 'droppedUntil'>
  slots: Pick<Slots, 'wasRefused'> | undefined
  limits: { readonly accountConcurrency: number }
}

export function createAssessment(parts: AssessmentParts): Assessment {
  const { now, models, pauses, slots, limits } = parts
  const limitOf = ({ settings }: Account) => settings.concurrencyLimit ?? limits.accountConcurrency

  function lacks({ account: { id, settings } }: Entry, model: string): boolean {
    if (settings.models?.includes(model) === false) return true
    return pauses.droppedUntil(id, model) !== undefined || models?.offers(id, model) === false
  }

  return {
    of(entry, model) {
      const { account, leases, quota, probation } = entry
      const { id } = account
      return availabilityOf(account, {
        model,
        now: now(),
        lacksModel: model !== undefined && lacks(entry, model),
        isFull: leases >= limitOf(account) || slots?.wasRefused(id, limitOf(account)) === true,
        quota,
        probation,
      })
    },
    lacks,
    takesPart: ({ account, serves }) => serves && isEnabled(account),
    limitOf,
  }
}
