/** The shapes of the operator's routes, for the server and for whatever page or program calls it. */
import * as z from 'zod'
import { eventKinds } from '../../events/event.ts'
import { parseJson } from '../../conversation/parse-json.ts'
import { parseProxyUrl } from '../../outbound/proxy-url.ts'
import { readStartUrl } from '../../sign-in/aws-links.ts'
import { regions } from '../../sign-in/region.ts'

/** Tokens end up in header values, so they are visible ASCII. Scripts written for q2api send empty ones for none. */
const visibleText = z.string().regex(/^[\x21-\x7e]*$/, 'must be visible ASCII characters without blanks')
const secret = visibleText.max(16_384, 'must be at most 16384 characters')
const presentSecret = secret.min(1, 'must not be empty')

/** PostgreSQL has no place for U+0000 in a text. */
export const storableText = z.string().regex(/^[^\0]*$/, 'must not hold the character U+0000')
/** No id holds it, so an id with another character in its place is just as unknown. */
export const anyId = z.string().transform((text) => text.replaceAll('\0', '\u{FFFD}'))

const label = storableText.max(200, 'must be at most 200 characters')
const clientId = visibleText.min(1, 'must not be empty').max(4096, 'must be at most 4096 characters')
const SHORT_TEXT = 'must be 1 to 200 characters'
const shortText = z.string().min(1, SHORT_TEXT).max(200, SHORT_TEXT)
const tags = z.array(shortText).max(50, 'must be at most 50')

const WEIGHT = 'must be a number from 0 to 1000'
const weight = z.number().min(0, WEIGHT).max(1000, WEIGHT)
const PRIORITY = 'must be a whole number from -1000 to 1000'
const priority = z.number().int().min(-1000, PRIORITY).max(1000, PRIORITY)
const CONCURRENCY = 'must be a whole number from 1 to 1000, or null for no limit'
const concurrencyLimit = z.number().int().min(1, CONCURRENCY).max(1000, CONCURRENCY)

/** By any name that clients may use. An empty list would leave it open whether it means all or none. */
const models = z
  .array(shortText)
  .min(1, 'must name at least one model; null means all')
  .max(100, 'must be at most 100')
const region = z.enum(regions)

export const proxyUrl = z
  .string()
  .max(4096, 'must be at most 4096 characters')
  .refine(
    (text) => parseProxyUrl(text) !== undefined,
    'must be the address of a proxy, like http://user:password@host:port, with nothing behind the port',
  )

const profileArn = z
  .string()
  .max(2048, 'must be at most 2048 characters')
  .regex(/^(auto|none|arn:aws[\w-]*:codewhisperer:[a-z0-9-]+:\d*:profile\/[\w-]+)$/, {
    error: 'must be auto, none, or the ARN of a profile',
  })

/** As the upstream knows them. */
export const channels = ['q-json', 'q-rest', 'kiro-runtime'] as const
export const origins = [
  'AI_EDITOR',
  'CHATBOT',
  'CLI',
  'CONSOLE',
  'DOCUMENTATION',
  'GITLAB',
  'IDE',
  'INLINE_CHAT',
  'KIRO_CLI',
  'KIRO_WEB',
  'MARKETING',
  'MD',
  'MD_CE',
  'MD_IDE',
  'MOBILE',
  'OPENSEARCH_DASHBOARD',
  'Q_DEV_BEXT',
  'SAGE_MAKER',
  'SERVICE_INTERNAL',
  'SM_AI_STUDIO_IDE',
  'UNIFIED_SEARCH',
  'UNKNOWN',
] as const

const settings = {
  tags: tags.exactOptional(),
  weight: weight.exactOptional(),
  priority: priority.exactOptional(),
  concurrencyLimit: concurrencyLimit.nullable().exactOptional(),
  models: models.nullable().exactOptional(),
  proxyUrl: proxyUrl.nullable().exactOptional(),
  channel: z.enum(channels).exactOptional(),
  region: region.exactOptional(),
  signInRegion: region.exactOptional(),
  profileArn: profileArn.exactOptional(),
  origin: z.enum(origins).nullable().exactOptional(),
  optOut: z.boolean().exactOptional(),
}

/** What is not named here is passed over: scripts send all kinds of things along. Null counts as absent. */
export const createAccountBody = z.object({
  label: label.nullish(),
  clientId,
  clientSecret: presentSecret,
  refreshToken: secret.nullish(),
  accessToken: secret.nullish(),
  other: z.json().nullish(),
  enabled: z.boolean().nullish(),
  ...settings,
})
export type CreateAccountBody = z.infer<typeof createAccountBody>

const INSTANT = 'must be an instant like 2026-11-22T10:00:00Z'
const instant = z.iso
  .datetime({ offset: true, error: INSTANT })
  // What lies beyond has no text of the usual form.
  .regex(/^[12]\d{3}-/, INSTANT)

const LONGEST_PAUSE_SECONDS = 31 * 86_400
const PAUSE = 'must be a whole number of seconds, at most 31 days'

const changeAccountMembers = z.object({
  label: label.nullable().exactOptional(),
  clientId: clientId.exactOptional(),
  clientSecret: presentSecret.exactOptional(),
  refreshToken: secret.nullable().exactOptional(),
  accessToken: secret.nullable().exactOptional(),
  other: z.json().exactOptional(),
  enabled: z.boolean().exactOptional(),
  pausedUntil: instant
    .transform((text) => new Date(text))
    .nullable()
    .exactOptional(),
  pauseSeconds: z.number().int(PAUSE).min(1, PAUSE).max(LONGEST_PAUSE_SECONDS, PAUSE).exactOptional(),
  ...settings,
})

/** Null takes a value away. A pause ends at a time, or so long after the gateway has read this. */
export const changeAccountBody = changeAccountMembers.refine(
  ({ pausedUntil, pauseSeconds }) => pausedUntil === undefined || pauseSeconds === undefined,
  { path: ['pauseSeconds'], error: 'cannot be sent with pausedUntil: a pause has one end' },
)

const MOST_AT_ONCE = 1000
const AT_ONCE = `must be 1 to ${MOST_AT_ONCE} accounts`

/** Each account is judged by itself. */
export const batchBody = z.object({
  accounts: z.array(z.unknown()).min(1, AT_ONCE).max(MOST_AT_ONCE, AT_ONCE),
})

export const feedBody = z.object({
  accounts: z.array(createAccountBody).min(1, AT_ONCE).max(MOST_AT_ONCE, AT_ONCE),
})

export const accountPath = z.object({ id: anyId })

/** Null is what scripts send for absent, and stands for none where an account may have none. */
const startUrl = z
  .string()
  .max(2048, 'must be at most 2048 characters')
  .transform((text, context) => {
    const url = readStartUrl(text)
    if (url !== undefined) return url
    context.addIssue({
      code: 'custom',
      message:
        'must be the https address of an AWS access portal, like https://d-1234567890.awsapps.com/start',
    })
    return z.NEVER
  })

const { region: _serviceRegion, signInRegion: _signInRegion, ...signInSettings } = settings

/** How to sign in, and how the account is set up that comes of it. */
export const startSignInBody = z.object({
  label: label.nullish(),
  enabled: z.boolean().nullish(),
  startUrl: startUrl.nullish(),
  /** Of the IAM Identity Center. */
  region: region.nullish(),
  /** The account to sign in again. */
  accountId: storableText.max(200, 'must be at most 200 characters').nullish(),
  ...signInSettings,
})
export type StartSignInBody = z.infer<typeof startSignInBody>

export const signInPath = z.object({ authId: anyId })

const PAGE = 'must be a whole number from 1 to 1000'
const pageSize = z
  .string()
  .regex(/^([1-9]\d{0,2}|1000)$/, PAGE)
  .transform(Number)

const CURSOR = 'is not one that was given out; begin without one'
/** Nobody gains by making one up: it names a place in a list that is answered as a whole too. */
const creationPlace = z
  .string()
  .max(400, CURSOR)
  .transform((text, context) => {
    const place = z
      .tuple([z.iso.datetime(), z.string()])
      .safeParse(parseJson(Buffer.from(text, 'base64url').toString())).data
    if (place !== undefined)
      return { createdAt: new Date(place[0]), id: place[1].replaceAll('\0', '\u{FFFD}') }
    context.addIssue({ code: 'custom', message: CURSOR })
    return z.NEVER
  })

export function writeCreationPlace({ createdAt, id }: z.output<typeof creationPlace>): string {
  return Buffer.from(JSON.stringify([createdAt.toISOString(), id])).toString('base64url')
}

const REVISION = 'must be a revision that was answered'

const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1')

export const listQuery = z.object({
  enabled: flag.exactOptional(),
  sort_by: z.enum(['created_at', 'success_count']).default('created_at'),
  sort_order: z.enum(['asc', 'desc']).default('desc'),
})

/** In order of creation; `cursor` is the `nextCursor` of the page before. */
export const accountPageQuery = z.strictObject({
  enabled: flag.exactOptional(),
  sort_order: z.enum(['asc', 'desc']).default('desc'),
  limit: pageSize.default(100),
  cursor: creationPlace.exactOptional(),
})

/** `since`: the `revision` of an answer. */
export const accountChangesQuery = z.strictObject({
  since: z
    .string()
    .regex(/^\d{1,15}$/, REVISION)
    .transform(Number),
  limit: pageSize.default(500),
})

/** With `refresh`, the service is asked now. */
export const usageQuery = z.object({
  refresh: flag.exactOptional(),
})

const SEARCH = 'must be 1 to 64 characters, without control characters'
/** Text that is looked for as it is: nothing in it is a pattern. */
const searchText = z
  .string()
  .min(1, SEARCH)
  .max(64, SEARCH)
  .regex(/^\P{Cc}*$/u, SEARCH)
const cursor = z.string().min(1, 'must not be empty').max(400, 'is too long for one that was given out')
const LIMIT = 'must be a whole number from 1 to 200'

/** A filter that is misspelt would show what was to be left out, so other names are refused. */
export const eventsQuery = z
  .strictObject({
    kind: z.enum(eventKinds).exactOptional(),
    subject: searchText.exactOptional(),
    actor: searchText.exactOptional(),
    /** Inclusive. */
    since: instant.exactOptional(),
    /** Exclusive. */
    until: instant.exactOptional(),
    limit: z
      .string()
      .regex(/^([1-9]\d?|1\d\d|200)$/, LIMIT)
      .transform(Number)
      .default(50),
    cursor: cursor.exactOptional(),
  })
  .refine(
    ({ since, until }) => since === undefined || until === undefined || Date.parse(since) < Date.parse(until),
    {
      path: ['until'],
      error: 'must be later than since',
    },
  )
export type EventsQuery = z.infer<typeof eventsQuery>

export const verifyEventsQuery = z.strictObject({ cursor: cursor.exactOptional() })

/** An empty id means any account. */
export const trialQuery = z.object({ account_id: anyId.exactOptional() })

/** A client's request, to be shown as the model service would get it. */
export const translateBody = z.object({
  /** Name of the API that the request is of. */
  api: z.string(),
  request: z.unknown(),
  /** The client's headers, where they matter: those that tell the conversation apart. */
  headers: z.record(z.string(), z.string()).nullish(),
  account_id: anyId.nullish(),
})

const PASSPHRASE = 'must be 12 to 1000 characters'
const passphrase = z.string().min(12, PASSPHRASE).max(1000, PASSPHRASE)

export const exportBody = z.object({
  format: z.enum(['json', 'csv']).default('json'),
  include_secrets: z.boolean().default(false),
  passphrase: passphrase.exactOptional(),
  /** The operator's, again: for whoever comes by a session or a token. */
  password: z.string().max(1000, 'must be at most 1000 characters').exactOptional(),
})

/** What an export has answered, with the passphrase if it was made with one. */
export const importBody = z.object({ export: z.unknown(), passphrase: passphrase.exactOptional() })

export const rotateBody = z.object({ what: z.enum(['data', 'master']) })
