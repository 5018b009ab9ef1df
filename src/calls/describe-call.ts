/** A call as the log tells it: short where nothing happened, and enough to see why where something did. */
import type { Call, CallAttempt, Considered } from './call.ts'

/** Verdicts on accounts that nothing speaks against. */
const COULD_SERVE: ReadonlySet<string> = new Set(['chosen', 'not-chosen'])

/** Members of a log line. */
export function describeCall(call: Call): Record<string, unknown> {
  const { choices, attempts, ...notes } = call
  const [first] = choices
  const skipped = describeSkipped(call)
  const more = first?.moreConsidered ?? 0
  return {
    ...notes,
    ...(first?.placement !== undefined && { placement: first.placement }),
    ...(skipped.length > 0 && { skipped }),
    ...(more > 0 && { moreConsidered: more }),
    ...(attempts.length > 0 && { attempts: attempts.map(describeAttempt) }),
  }
}

/** Which accounts were passed over at first, and why. `words` are for people who look at one account; a line has no room for them. */
export function describeSkipped({ choices: [first] }: Pick<Call, 'choices'>) {
  const skipped = first?.considered.filter(({ verdict }) => !COULD_SERVE.has(verdict)) ?? []
  return skipped.map(({ accountId, verdict, until }: Considered) => ({
    account: accountId,
    why: verdict,
    ...(until !== undefined && { until: `${new Date(until).toISOString().slice(0, 19)}Z` }),
  }))
}

export function describeAttempt(attempt: CallAttempt) {
  const { accountId, startedAt, sentAt, headersAt, firstContentAt, endedAt, ...rest } = attempt
  return {
    account: accountId,
    at: Math.round(startedAt),
    ...(sentAt !== undefined && { sent: Math.round(sentAt) }),
    ...(headersAt !== undefined && { headers: Math.round(headersAt) }),
    ...(firstContentAt !== undefined && { content: Math.round(firstContentAt) }),
    ...(endedAt !== undefined && { end: Math.round(endedAt) }),
    ...rest,
  }
}
