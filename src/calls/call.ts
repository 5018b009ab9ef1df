/** What is known of one request for a model: how it was served, never what was said. No secrets, no names, no texts. */
import type { FailureKind, Remedy } from '../conversation/failures.ts'
import type { StopReason, Usage } from '../conversation/reply.ts'

export interface Call {
  dialect: string
  /** As the client named it. */
  model: string
  stream: boolean
  /** One for each account that was lent, and one where none was; at most four, in order. */
  choices: Choice[]
  /** In order; at most ten. */
  attempts: CallAttempt[]
  /** How many remedies were begun; each has a line of its own in the log. */
  remedies?: number
  /** As in `x-aqueduct-repaired`, whether or not the answer could still tell it there. */
  repairs?: readonly string[]
  /** How many things of the conversation did not reach the model. */
  losses?: number
  stopReason?: StopReason
  /**
   * Of the answer, with its source; attempts before it have their own. Of an answer that broke off: our estimate of what the client got. Where the client left, only the line
   * of the failure has it: that of the request is written when the connection closes, before anybody knows.
   */
  usage?: Usage
}

/** Why an account was lent, or none. */
export interface Choice {
  /** Absent: none was. */
  accountId?: string
  /** What the request's session had to do with it. */
  placement?: string
  /** Where the strategy chose the account: by what, and how the account then stood. */
  picked?: Picked
  /** At most fifty. */
  considered: readonly Considered[]
  /** How many more were. */
  moreConsidered: number
}

/** What strategies go by. */
export interface Picked {
  /** In settings' words, what comes first at the front. */
  rules: readonly string[]
  /** Requests that the account had beside this one. */
  underWay: number
  priority: number
  weight: number
  /** Credits; absent: unknown. */
  quotaLeft?: number
}

/** How an account stood when another one, or this one, was chosen. */
export interface Considered {
  accountId: string
  /** `chosen`, `not-chosen` where it could have been, or why it was skipped. */
  verdict: string
  /** Until when that holds, in milliseconds since the epoch. */
  until?: number
  words?: string
}

/** One request to the model service. Times are milliseconds since the call began to be played. */
export interface CallAttempt {
  accountId: string
  startedAt: number
  /** When there was a token for it and it went to the service. */
  sentAt?: number
  /** When the service began to answer, with whatever. */
  headersAt?: number
  /** When the first thing came that clients are shown. */
  firstContentAt?: number
  endedAt?: number
  /** Absent while it lasts. */
  outcome?: 'answered' | FailureKind
  /** Nothing was sent: the service was known to be down. */
  heldBack?: true
  /** The failure was not counted against the account: the service failed for others too. */
  spared?: true
  /** Of the service's answer, in HTTP. */
  status?: number
  /** The service's own id of the request, for its support. */
  requestId?: string
  /** What was done about the attempt before, and led to this one. */
  remedy?: Remedy
  /** What the service told of a whole answer that was thrown away; it was paid for all the same. */
  thrownAway?: Usage
}

export const MOST_CHOICES = 4
const MOST_CONSIDERED = 50
export const MOST_ATTEMPTS = 10

export function createCall(asked: Pick<Call, 'dialect' | 'model' | 'stream'>): Call {
  return { ...asked, choices: [], attempts: [] }
}

export function noteChoice(
  call: Pick<Call, 'choices'>,
  choice: {
    accountId?: string
    placement?: string | undefined
    picked?: Picked | undefined
    considered: readonly Considered[]
  },
): void {
  if (call.choices.length >= MOST_CHOICES) return
  const { accountId, placement, picked, considered } = choice
  call.choices.push({
    ...(accountId !== undefined && { accountId }),
    ...(placement !== undefined && { placement }),
    ...(picked !== undefined && { picked }),
    considered: considered.length > MOST_CONSIDERED ? considered.slice(0, MOST_CONSIDERED) : considered,
    moreConsidered: Math.max(0, considered.length - MOST_CONSIDERED),
  })
}

/** The attempt, to be filled in while it goes on. */
export function beginAttempt(
  call: Pick<Call, 'attempts'>,
  begun: { accountId: string; startedAt: number; remedy: Remedy | undefined },
): CallAttempt {
  const { accountId, startedAt, remedy } = begun
  const attempt: CallAttempt = { accountId, startedAt, ...(remedy !== undefined && { remedy }) }
  if (call.attempts.length < MOST_ATTEMPTS) call.attempts.push(attempt)
  return attempt
}
