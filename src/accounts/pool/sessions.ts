/** Stickiness: which account a conversation is served by, so that the service's prompt caches help. In memory alone. */
import type { Clock } from '../../clock.ts'
import type { SessionRef } from './session-ref.ts'
import type { Candidate } from './strategies/strategy.ts'

/** The service's prompt caches hardly live longer: a conversation that was away longer has nothing to come back to. */
const LONGEST_ABSENCE_MS = 300_000
/** From its second request on an account, a conversation has something there that is worth keeping. */
const SETTLED_FROM_REQUESTS = 2
const MUCH_BUSIER_BY = 4
const MUCH_BUSIER_TIMES = 2
const SHOWN_DIGITS = 12

export interface SessionsParts {
  clock: Pick<Clock, 'now' | 'elapsed'>
  /** Beyond it, the one whose last request is longest ago is forgotten. Like the next, read at each use. */
  readonly maxSessions: number
  /** After so long without a request a conversation is forgotten. */
  readonly maxIdleMs: number
}

/** Those that could serve the request now. */
export interface Choices<C extends Candidate> {
  /** Undefined: this account cannot serve it now. */
  find(accountId: string): C | undefined
  /** Asked for only where it matters. */
  all(): readonly C[]
}

export type Placement<C extends Candidate> =
  /** Its own account, or the one that stands in for it, can serve it. */
  | { kind: 'own' | 'stand-in'; candidate: C }
  /** It has hardly begun, and its account is much busier than others: a strategy is to choose among the others. */
  | { kind: 'elsewhere'; than: string }
  /** A strategy is to choose. */
  | { kind: 'anywhere' }

export interface Sessions {
  /** Where the conversation belongs, among those that can serve it. Notes nothing. */
  place<C extends Candidate>(session: SessionRef, choices: Choices<C>): Placement<C>
  /** The conversation's request was lent the account. */
  noteLent(session: SessionRef, accountId: string): void
  /** The account is no more. */
  forgetAccount(accountId: string): void
  /** Latest first. */
  view(): SessionView[]
}

/** For the operator: nothing of it tells what is talked about. */
export interface SessionView {
  /** Short, and of no use to a client. */
  id: string
  accountId: string
  /** Serves it as long as its own account cannot. */
  standInId?: string
  /** When its first request on the account was. */
  since: Date
  lastRequestAt: Date
  /** Since it has this account. */
  requests: number
}

interface Home {
  accountId: string
  since: number
  lastRequestAt: number
  /** By the clock that is never set. */
  lastRequestElapsed: number
  requests: number
}

interface Binding extends Home {
  standIn?: { accountId: string; since: number; elapsedSince: number; requests: number }
}

export function createSessions(parts: SessionsParts): Sessions {
  const { clock } = parts
  /** The one whose last request is longest ago comes first. */
  const bindings = new Map<string, Binding>()
  const isIdle = ({ lastRequestElapsed }: Binding) => clock.elapsed() - lastRequestElapsed > parts.maxIdleMs

  function bindingOf(key: string): Binding | undefined {
    const binding = bindings.get(key)
    if (binding === undefined || isIdle(binding)) return undefined
    const { standIn } = binding
    const isAwayForGood = standIn !== undefined && clock.elapsed() - standIn.elapsedSince > LONGEST_ABSENCE_MS
    return isAwayForGood ? moved(binding) : binding
  }

  function forgetOld(): void {
    for (const [key, binding] of bindings) {
      if (bindings.size <= parts.maxSessions && !isIdle(binding)) return
      bindings.delete(key)
    }
  }

  function fresh(accountId: string): Binding {
    const now = clock.now()
    return { accountId, since: now, lastRequestAt: now, lastRequestElapsed: clock.elapsed(), requests: 1 }
  }

  function afterRequest(before: Binding, accountId: string): Binding {
    const last = { lastRequestAt: clock.now(), lastRequestElapsed: clock.elapsed() }
    if (accountId === before.accountId) return { ...atHome(before), ...last, requests: before.requests + 1 }
    if (before.requests < SETTLED_FROM_REQUESTS) return fresh(accountId)
    const away = before.standIn ?? {
      since: clock.now(),
      elapsedSince: clock.elapsed(),
      requests: 0,
    }
    return { ...before, ...last, standIn: { ...away, accountId, requests: away.requests + 1 } }
  }

  return {
    place({ key, isOpening }, choices) {
      const binding = isOpening ? undefined : bindingOf(key)
      if (binding === undefined) return { kind: 'anywhere' }
      const { accountId, standIn, requests } = binding
      const own = choices.find(accountId)
      if (own !== undefined) {
        const stays = requests >= SETTLED_FROM_REQUESTS || !isMuchBusier(own, choices)
        return stays ? { kind: 'own', candidate: own } : { kind: 'elsewhere', than: accountId }
      }
      const other = standIn === undefined ? undefined : choices.find(standIn.accountId)
      return other === undefined ? { kind: 'anywhere' } : { kind: 'stand-in', candidate: other }
    },
    noteLent({ key, isOpening }, accountId) {
      const before = isOpening ? undefined : bindingOf(key)
      bindings.delete(key)
      bindings.set(key, before === undefined ? fresh(accountId) : afterRequest(before, accountId))
      forgetOld()
    },
    forgetAccount(accountId) {
      for (const [key, binding] of bindings) {
        const { standIn } = binding
        if (binding.accountId === accountId && standIn === undefined) bindings.delete(key)
        else if (binding.accountId === accountId) bindings.set(key, moved(binding))
        else if (standIn?.accountId === accountId) bindings.set(key, atHome(binding))
      }
    },
    view() {
      const known = [...bindings].filter(([, binding]) => !isIdle(binding))
      return known.toReversed().map(([key, binding]) => viewOf(key, binding))
    },
  }
}

function atHome({ accountId, since, lastRequestAt, lastRequestElapsed, requests }: Binding): Home {
  return { accountId, since, lastRequestAt, lastRequestElapsed, requests }
}

/** The one that stood in keeps the conversation. */
function moved(binding: Binding): Home {
  const { accountId, since, requests } = binding.standIn ?? binding
  return { ...atHome(binding), accountId, since, requests }
}

/**
 * Whether a conversation that has hardly begun had better go elsewhere: the account answers more than twice as many
 * requests as the least busy of its peers, and four more, by weight. Peers have at least its priority.
 */
function isMuchBusier<C extends Candidate>(own: C, choices: Choices<C>): boolean {
  const ownLoad = loadOf(own)
  if (ownLoad < MUCH_BUSIER_BY) return false
  return choices.all().some((other) => {
    const { priority, weight } = other.account.settings
    if (priority < own.account.settings.priority || !(weight > 0)) return false
    const load = loadOf(other)
    return load + MUCH_BUSIER_BY <= ownLoad && load * MUCH_BUSIER_TIMES < ownLoad
  })
}

/** What weighs nothing bears as if it weighed 1. */
function loadOf({ account, leases }: Candidate): number {
  const { weight } = account.settings
  return weight > 0 ? leases / weight : leases
}

function viewOf(key: string, binding: Binding): SessionView {
  const { accountId, standIn, since, lastRequestAt, requests } = binding
  return {
    id: key.slice(0, SHOWN_DIGITS),
    accountId,
    ...(standIn !== undefined && { standInId: standIn.accountId }),
    since: new Date(since),
    lastRequestAt: new Date(lastRequestAt),
    requests,
  }
}
