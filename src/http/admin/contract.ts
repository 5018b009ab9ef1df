/** The shapes of the operator's routes, for the server and for whatever page or program calls it. */
import * as z from 'zod'
import { parseProxyUrl } from '../../outbound/proxy-url.ts'

/** Tokens end up in header values, so they are visible ASCII. Scripts written for q2api send empty ones for none. */
const visibleText = z.string().regex(/^[\x21-\x7e]*$/, 'must be visible ASCII characters without blanks')
const secret = visibleText.max(16_384, 'must be at most 16384 characters')
const presentSecret = secret.min(1, 'must not be empty')

const label = z.string().max(200, 'must be at most 200 characters')
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
const region = z.string().regex(/^[a-z]{2,8}(-[a-z]{2,16}){1,3}-\d{1,2}$/, 'must be a region like us-east-1')

const proxyUrl = z
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

const settings = {
  tags: tags.exactOptional(),
  weight: weight.exactOptional(),
  priority: priority.exactOptional(),
  concurrencyLimit: concurrencyLimit.nullable().exactOptional(),
  models: models.nullable().exactOptional(),
  proxyUrl: proxyUrl.nullable().exactOptional(),
  channel: z.enum(['q-json', 'q-rest']).exactOptional(),
  region: region.exactOptional(),
  signInRegion: region.exactOptional(),
  profileArn: profileArn.exactOptional(),
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

/** Null takes a value away. */
export const changeAccountBody = z.object({
  label: label.nullable().exactOptional(),
  clientId: clientId.exactOptional(),
  clientSecret: presentSecret.exactOptional(),
  refreshToken: secret.nullable().exactOptional(),
  accessToken: secret.nullable().exactOptional(),
  other: z.json().exactOptional(),
  enabled: z.boolean().exactOptional(),
  ...settings,
})

const MOST_AT_ONCE = 1000
const AT_ONCE = `must be 1 to ${MOST_AT_ONCE} accounts`

/** Each account is judged by itself. */
export const batchBody = z.object({
  accounts: z.array(z.unknown()).min(1, AT_ONCE).max(MOST_AT_ONCE, AT_ONCE),
})

export const feedBody = z.object({
  accounts: z.array(createAccountBody).min(1, AT_ONCE).max(MOST_AT_ONCE, AT_ONCE),
})

export const accountPath = z.object({ id: z.string() })

export const listQuery = z.object({
  enabled: z
    .enum(['true', 'false', '1', '0'])
    .transform((value) => value === 'true' || value === '1')
    .exactOptional(),
  sort_by: z.enum(['created_at', 'success_count']).default('created_at'),
  sort_order: z.enum(['asc', 'desc']).default('desc'),
})

/** An empty id means any account. */
export const chatTestQuery = z.object({ account_id: z.string().exactOptional() })

/** A client's request, to be shown as the model service would get it. */
export const translateBody = z.object({
  /** Name of the API that the request is of. */
  api: z.string(),
  request: z.unknown(),
  /** The client's headers, where they matter: those that tell the conversation apart. */
  headers: z.record(z.string(), z.string()).nullish(),
  account_id: z.string().nullish(),
})
