/** The shapes of what the console watches: the feed, traffic over time, and the log of calls. */
import * as z from 'zod'
import { readSearch } from '../../calls/call-log.ts'
import { callCourse } from '../../calls/kept-call.ts'
import { statusClasses, type CallFilter } from '../../calls/traffic-store.ts'
import { failureKinds } from '../../conversation/failures.ts'
import { callOutcomes } from '../../calls/outcome.ts'
import { healthCodes, healthStates, healthUnits } from './health/judge-health.ts'

const text = z.string()
const textOrNull = z.string().nullable()
const numberOrNull = z.number().nullable()
const instant = z.string().describe('ISO 8601')
const INSTANT = 'must be an instant like 2026-11-22T10:00:00Z'
/** What lies beyond those years has no text of the usual form. */
const givenInstant = z.iso.datetime({ offset: true, error: INSTANT }).regex(/^[12]\d{3}-/, INSTANT)
const NAME = 'must be 1 to 200 characters, without control characters'
const name = z
  .string()
  .min(1, NAME)
  .max(200, NAME)
  .regex(/^\P{Cc}*$/u, NAME)

/** What may have changed; whoever shows it asks for it again. */
export const feedTopics = ['accounts', 'keys', 'events', 'sign-ins'] as const

/** How long requests of clients took. */
const latencies = {
  firstTokenP50Ms: numberOrNull.describe(
    'From the receipt of a request; of what is streamed and what is not',
  ),
  firstTokenP95Ms: numberOrNull,
  firstTokenP99Ms: numberOrNull,
  totalP50Ms: numberOrNull.describe(
    'From the receipt of a request to the end of its answer, where it went well',
  ),
  totalP95Ms: numberOrNull,
  totalP99Ms: numberOrNull,
}

/** How requests of clients ended, counted over some time. */
const counts = {
  ok: z.number(),
  clientErrors: z.number().describe('Refused for what the client sent'),
  throttled: z.number().describe('Refused by the model service for its limits'),
  upstreamErrors: z.number().describe('Failed at the model service or on the way there'),
  shed: z.number().describe('Refused by the gateway: for its own limits, or as no account may serve'),
  cancelled: z.number().describe('The client left'),
  inputTokens: z.number().describe('Whole prompts, with what was cached'),
  outputTokens: z.number(),
  ...latencies,
}

/** What is under way, in the process that answers. */
const flow = z.object({
  /** Requests that have an account. */
  count: z.number(),
  limit: numberOrNull.describe('Of the accounts that are ready; null: there is none'),
  waiting: z.number().describe('Requests that wait for an account'),
  oldestSeconds: numberOrNull.describe(
    'Age of the one that has been under way for the longest; null: none is',
  ),
  accounts: z
    .array(z.object({ accountId: text, count: z.number() }))
    .describe('The busiest first, twenty at most'),
})

/** Sent once a second as the event `snapshot`, the same to everybody who watches. */
export const feedSnapshot = z.object({
  at: instant,
  accounts: z.object({
    total: z.number(),
    ready: z.number(),
    /** By the kind of their status; ready ones too. */
    byStatus: z.record(z.string(), z.number()),
  }),
  inFlight: z.number(),
  waiting: z.number(),
  lastMinute: z.object(counts),
  lastHour: z.object(counts),
  seconds: z
    .array(z.object({ at: instant, ...counts }))
    .describe('Of the last ten; those without a request are left out'),
  flow,
  warnings: z.array(
    z.object({
      code: z.enum([
        'open-api',
        'accounts-need-sign-in',
        'master-key-beside-data',
        'clock-skew',
        'capture-on',
      ]),
      /** Of accounts, or of seconds. */
      count: numberOrNull,
    }),
  ),
})

/** Sent as the event `change`, at most once a second. */
export const feedChange = z.object({ topics: z.array(z.enum(feedTopics)) })

export const trafficRanges = ['15m', '1h', '24h', '7d', '30d'] as const

export const trafficQuery = z.strictObject({ range: z.enum(trafficRanges).default('1h') })

export const trafficAnswer = z.object({
  from: instant,
  to: instant,
  stepSeconds: z.number().describe('One second for 15 minutes, one minute for a day, else one hour'),
  /** One for each step, in order; those without a request are left out. */
  points: z.array(z.object({ at: instant, ...counts })),
  sum: z
    .object(counts)
    .describe('Of all that time; for 15 minutes in whole minutes, for a day in whole hours'),
  previous: z.object(counts).describe('Of as long a time before'),
  /** The last hour of each account that had requests in it, one character a minute, the last one now: `-` none, `o` all went well, `t` throttled, `x` failed. */
  beats: z.array(z.object({ accountId: text, minutes: z.string().length(60) })),
})

const ONE_SUBJECT = 'must be one of model, dialect and account'

export const latencyQuery = z
  .strictObject({
    range: z.enum(trafficRanges).default('1h'),
    model: name.exactOptional(),
    dialect: name.exactOptional(),
    account: name.exactOptional(),
  })
  .refine(
    ({ model, dialect, account }) =>
      [model, dialect, account].filter((each) => each !== undefined).length === 1,
    { path: ['model'], error: ONE_SUBJECT },
  )

/** Read from the log of calls, the newest first, 20,000 at most. */
export const latencyAnswer = z.object({
  from: instant,
  to: instant,
  stepSeconds: z.number().describe('One second for 15 minutes, one minute for a day, else one hour'),
  since: instant.describe('From here on all have been read; before, nothing is known'),
  isCut: z
    .boolean()
    .describe('There were more than are read at once; false: the log does not go back further than since'),
  points: z.array(z.object({ at: instant, ...latencies })),
})

const named = z.object({
  requests: z.number(),
  failures: z.number().describe('Throttled, failed at the model service, or refused by the gateway'),
  inputTokens: z.number(),
  outputTokens: z.number(),
})

/** Those that lead by requests, tokens or failures: up to 15 of each, the most requests first. */
export const topTrafficAnswer = z.object({
  from: instant,
  to: instant,
  models: z.array(
    named.extend({ name: text.describe('As clients named it; `*`: names that there was no room for') }),
  ),
  keys: z.array(
    named.extend({
      id: textOrNull.describe('Null: requests that needed no key; `*`: keys that there was no room for'),
      name: textOrNull.describe('Null: nobody has named it'),
    }),
  ),
})

/** Of all accounts together, as far as their credits are known. */
export const poolQuotaAnswer = z.object({
  accounts: z.number().describe('Those that are not disabled'),
  known: z.number().describe('Of them, those whose credits are known: the rest is about these'),
  left: z.number(),
  limit: z.number(),
  creditsPerDay: numberOrNull.describe('As in the last seven days; null: not known, or nothing was spent'),
  runsOutAt: instant.nullable().describe('Null: not before all are renewed, or nobody can say'),
  renewsAt: instant.nullable().describe('The first of the renewals to come'),
})

/** What the gateway stands on, with the limits from which on it is worrying. */
export const healthChecksAnswer = z.object({
  at: instant,
  checks: z.array(
    z.object({
      code: z.enum(healthCodes),
      state: z.enum(healthStates).describe('`unknown`: nobody could tell yet; `unused`: there is none'),
      value: numberOrNull.describe('Null: none could be measured'),
      unit: z.enum(healthUnits),
      warnAt: z.number(),
      badAt: z.number(),
    }),
  ),
})

const accountCounts = {
  requests: z
    .number()
    .describe('Sent through the account, and ended; one of a client that was tried twice counts twice'),
  ok: z.number().describe('Of them, those that went well, or failed for what the client sent'),
  firstTokenP95Ms: numberOrNull.describe('From when it was sent through the account'),
}

/** Of the last day, in whole hours; accounts that had no request in it are left out. */
export const accountTrafficAnswer = z.object({
  from: instant,
  to: instant,
  accounts: z.array(
    z.object({
      accountId: text,
      ...accountCounts,
      inFlight: z.number().describe('Under way now, in the process that answers'),
    }),
  ),
})

/** Hours without a request are left out. An account that nobody knows had none. */
export const accountDayAnswer = z.object({
  from: instant,
  to: instant,
  hours: z.array(z.object({ at: instant, ...accountCounts })),
})

/** No id holds it, so an id with another character in its place is just as unknown. */
const anyId = z.string().transform((id) => id.replaceAll('\0', '\u{FFFD}'))
export const accountTrafficPath = z.object({ id: anyId })

const CALL_LIMIT = 'must be a whole number from 1 to 200'
const FLAG = 'must be true or false'
const flag = z.enum(['true', 'false'], FLAG).transform((word) => word === 'true')

const callFilters = {
  outcome: z.enum(callOutcomes).exactOptional(),
  model: name.exactOptional(),
  key: name.exactOptional(),
  account: name.exactOptional(),
  /** Of the request, as in its answer's header. */
  id: name.exactOptional(),
  status: z.enum(statusClasses).exactOptional(),
  failure: z.enum(failureKinds).exactOptional(),
  dialect: name.exactOptional(),
  client: name.exactOptional(),
  minimum_ms: z
    .string()
    .regex(/^\d{1,8}$/, 'must be a whole number of milliseconds')
    .transform(Number)
    .exactOptional(),
  stream: flag.exactOptional(),
  tools: flag.exactOptional(),
  images: flag.exactOptional(),
  /** Part of the name of a failure, or the beginning of an id. */
  search: name.exactOptional(),
  /** `exclude` leaves out what operators have tried out. */
  trials: z.enum(['exclude', 'include']).exactOptional(),
  /** Inclusive. */
  since: givenInstant.exactOptional(),
  /** Exclusive. */
  until: givenInstant.exactOptional(),
}
const cursor = z.string().min(1, 'must not be empty').max(400, 'is too long for one that was given out')

type Span = { since?: string; until?: string }
const isForward = ({ since, until }: Span) =>
  since === undefined || until === undefined || Date.parse(since) < Date.parse(until)
const BACKWARD = { path: ['until'], error: 'must be later than since' }

/** A filter that is misspelt would show what was to be left out, so other names are refused. */
export const callsQuery = z
  .strictObject({
    ...callFilters,
    limit: z
      .string()
      .regex(/^([1-9]\d?|1\d\d|200)$/, CALL_LIMIT)
      .transform(Number)
      .default(100),
    cursor: cursor.exactOptional(),
  })
  .refine(isForward, BACKWARD)

/** A year, and what clocks are off by. */
const LONGEST_MS = 370 * 86_400_000

/** Cursors are those of the same time and filter. */
export const callHistogramQuery = z
  .strictObject({
    ...callFilters,
    since: givenInstant,
    until: givenInstant,
    cursor: cursor.exactOptional(),
  })
  .refine(isForward, BACKWARD)
  .refine(({ since, until }) => Date.parse(until) - Date.parse(since) <= LONGEST_MS, {
    path: ['since'],
    error: 'must be a year before until, at most',
  })

export const callExportQuery = z
  .strictObject({ ...callFilters, format: z.enum(['csv', 'ndjson']).default('csv') })
  .refine(isForward, BACKWARD)

type GivenFilter = Omit<z.output<typeof callExportQuery>, 'format'>

/** As the log of calls takes it. Throws `invalid-request` for a text that means nothing. */
export function readCallFilter(given: GivenFilter): CallFilter {
  const {
    status,
    failure,
    minimum_ms: minimumMs,
    tools,
    images,
    search,
    trials,
    since,
    until,
    ...same
  } = given
  return {
    ...same,
    ...(status !== undefined && { statusClass: status }),
    ...(failure !== undefined && { failures: [failure] }),
    ...(minimumMs !== undefined && { minimumMs }),
    ...(tools !== undefined && { hasTools: tools }),
    ...(images !== undefined && { hasImages: images }),
    ...(search !== undefined && readSearch(search)),
    ...(trials === 'exclude' && { withoutTrials: true }),
    ...(since !== undefined && { since: Date.parse(since) }),
    ...(until !== undefined && { until: Date.parse(until) }),
  }
}

export const callPath = z.object({ id: anyId })

/** Neither prompts nor answers are kept, nor anything else that was said. */
const callAnswer = z.object({
  id: text.describe('Of the request, as in the header x-request-id of its answer'),
  at: instant.describe('When it had ended'),
  outcome: z.enum(callOutcomes),
  /** Of the answer, or of the failure that a stream ended with. */
  status: z.number(),
  failure: textOrNull,
  dialect: text,
  stream: z.boolean(),
  model: text.describe('As the client named it'),
  modelUsed: textOrNull,
  keyId: textOrNull,
  accountIds: z.array(text).describe('Those that were tried, in order'),
  firstTokenMs: numberOrNull,
  totalMs: z.number(),
  inputTokens: numberOrNull.describe('The whole prompt, with what was cached'),
  outputTokens: numberOrNull,
  credits: numberOrNull,
  usageSource: textOrNull,
  stopReason: textOrNull,
  repairs: z.array(text),
  client: textOrNull.describe('The program, as far as its user agent tells'),
  requestBytes: numberOrNull.describe('Of the body as it was sent; null: its client did not say'),
  hasTools: z.boolean().nullable().describe('Null: nobody has read the conversation'),
  hasImages: z.boolean().nullable(),
  tries: numberOrNull.describe('Attempts that were made for it'),
})

export const callListAnswer = z.object({ calls: z.array(callAnswer), nextCursor: textOrNull })

/** With why which account was tried, and how each API tells its failure. */
export const callDetailAnswer = callAnswer.extend(callCourse.shape).extend({
  told: z
    .array(
      z.object({
        dialect: text,
        status: z.number(),
        body: text.describe('JSON; its message was not kept, and is another here'),
      }),
    )
    .describe('Empty: it did not fail'),
})

/** Calls counted by how they ended. */
export const callHistogramAnswer = z.object({
  from: instant.describe('When the first step begins: `since`, or a little earlier'),
  to: instant,
  stepSeconds: z.number(),
  /** In order; those without a call are left out. */
  steps: z.array(
    z.object({
      at: instant,
      ok: counts.ok,
      clientErrors: counts.clientErrors,
      throttled: counts.throttled,
      upstreamErrors: counts.upstreamErrors,
      shed: counts.shed,
      cancelled: counts.cancelled,
    }),
  ),
  nextCursor: textOrNull.describe('There are more to be counted, further back: add them to these'),
  oldest: instant.nullable().describe('The oldest call that is kept'),
})

export const callExportAnswer = callAnswer.describe(
  'A line of JSON for each (`application/x-ndjson`), or the same as a table (`text/csv`)',
)
