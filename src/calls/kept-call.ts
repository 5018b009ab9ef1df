/** A call as it is kept: whom it was for, how it went and what it cost. Neither prompts nor answers, nor anything else that was said. */
import * as z from 'zod'
import type { Choice } from './call.ts'
import { clientProgram } from './client-program.ts'
import { describeAttempt, describeSkipped } from './describe-call.ts'
import type { EndedCall } from './ended-call.ts'
import type { CallOutcome } from './outcome.ts'

const MOST_SKIPPED = 10
const MOST_OF_NAME = 100
const MOST_OF_ID = 100

const milliseconds = z.number().describe('Since the call began to be played').exactOptional()

/** Which accounts were tried, and why those. What is absent is not known or did not happen. */
export const callCourse = z.object({
  lead: z
    .number()
    .describe('Milliseconds from its receipt until the call began to be played')
    .exactOptional(),
  placement: z.string().nullable().describe("What the request's conversation had to do with the account"),
  picked: z
    .object({
      rules: z.array(z.string()).describe('As the settings name them, what comes first at the front'),
      underWay: z.number().describe('Requests that the account had beside this one'),
      priority: z.number(),
      weight: z.number(),
      quotaLeft: z.number().describe('Credits').exactOptional(),
    })
    .describe('Where the strategy chose the account: by what, and how the account then stood')
    .exactOptional(),
  skipped: z
    .array(z.object({ account: z.string(), why: z.string(), until: z.string().exactOptional() }))
    .describe('At most ten'),
  moreSkipped: z.number().describe('Beside those').exactOptional(),
  couldServe: z
    .number()
    .describe('Other accounts that could have served it as well, of the fifty that were looked at')
    .exactOptional(),
  attempts: z.array(
    z.object({
      account: z.string(),
      at: z.number(),
      sent: milliseconds,
      headers: milliseconds,
      content: milliseconds,
      end: milliseconds,
      outcome: z.string().exactOptional(),
      remedy: z.string().exactOptional().describe('What led to it'),
      heldBack: z.boolean().exactOptional().describe('Nothing was sent: the service was known to be down'),
      spared: z.boolean().exactOptional().describe('Not counted against the account'),
      status: z.number().describe("Of the model service's answer, in HTTP").exactOptional(),
      requestId: z.string().exactOptional().describe("The model service's own"),
    }),
  ),
})
type CallCourse = z.infer<typeof callCourse>

export interface KeptCall {
  id: string
  /** Milliseconds since the epoch, when it had ended. */
  at: number
  outcome: CallOutcome
  status: number
  failure: string | null
  dialect: string
  stream: boolean
  model: string
  modelUsed: string | null
  keyId: string | null
  accountIds: string[]
  firstTokenMs: number | null
  totalMs: number
  /** All of the prompt, with what was cached. */
  inputTokens: number | null
  outputTokens: number | null
  credits: number | null
  usageSource: string | null
  stopReason: string | null
  repairs: string[]
  client: string | null
  /** Of the body as it was sent. */
  requestBytes: number | null
  hasTools: boolean | null
  hasImages: boolean | null
  /** Attempts that were made for it. */
  tries: number | null
}

export interface DetailedCall extends KeptCall {
  course: CallCourse
}

export function toKeptCall(ended: EndedCall): DetailedCall {
  const { call, failure = null, modelUsed = null, keyId = null } = ended
  const usage = call?.usage
  return {
    id: ended.id,
    at: ended.endedAt,
    outcome: ended.outcome,
    status: ended.status,
    failure,
    dialect: ended.dialect,
    stream: ended.stream,
    model: plainName(ended.model),
    modelUsed,
    keyId,
    accountIds: [...new Set(call?.attempts.map(({ accountId }) => accountId))],
    firstTokenMs: firstTokenMsOf(ended),
    totalMs: Math.round(ended.totalMs),
    inputTokens: usage === undefined ? null : inputTokensOf(usage),
    outputTokens: usage?.outputTokens ?? null,
    credits: usage?.credits ?? null,
    usageSource: usage?.source ?? null,
    stopReason: call?.stopReason ?? null,
    repairs: [...(call?.repairs ?? [])],
    client: clientProgram(ended.userAgent) ?? null,
    requestBytes: ended.requestBytes ?? null,
    hasTools: ended.holds?.tools ?? null,
    hasImages: ended.holds?.images ?? null,
    tries: call?.attempts.length ?? 0,
    course: courseOf(ended),
  }
}

/** From the receipt of the request; null: nothing of an answer came. An answer of several rounds begins with the first of them. */
export function firstTokenMsOf({ call, leadMs }: Pick<EndedCall, 'call' | 'leadMs'>): number | null {
  const begun = call?.attempts.find(({ outcome }) => outcome === 'answered') ?? call?.attempts.at(-1)
  const at = begun?.firstContentAt
  return at === undefined ? null : Math.round(leadMs + at)
}

export function inputTokensOf(usage: {
  inputTokens: number
  cacheReadTokens: number
  cacheWriteTokens: number
}): number {
  return usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens
}

function courseOf({ call, leadMs }: EndedCall): CallCourse {
  if (call === undefined) return { placement: null, skipped: [], attempts: [] }
  const skipped = describeSkipped(call)
  const [first] = call.choices
  return {
    lead: Math.round(leadMs),
    placement: first?.placement ?? null,
    ...(first?.picked !== undefined && { picked: { ...first.picked, rules: [...first.picked.rules] } }),
    skipped: skipped.slice(0, MOST_SKIPPED),
    ...(skipped.length > MOST_SKIPPED && { moreSkipped: skipped.length - MOST_SKIPPED }),
    ...(first !== undefined && { couldServe: countReady(first) }),
    attempts: call.attempts.map((attempt) => {
      const { thrownAway: _, requestId, ...told } = describeAttempt(attempt)
      return requestId === undefined ? told : { ...told, requestId: plain(requestId, MOST_OF_ID) }
    }),
  }
}

function countReady({ considered }: Choice): number {
  return considered.filter(({ verdict }) => verdict === 'not-chosen').length
}

/** Names are short; what is long was not meant as one, and is not kept. */
export function plainName(name: string): string {
  return name.length > MOST_OF_NAME ? '(too long)' : plain(name, MOST_OF_NAME)
}

/** As every database gives it back. */
function plain(text: string, most: number): string {
  return text
    .slice(0, most)
    .replace(/\p{Cc}/gu, ' ')
    .toWellFormed()
}
