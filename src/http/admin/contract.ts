/** The shapes of the operator's routes, for the server and for whatever page or program calls it. */
import { z } from 'zod'

/** Tokens end up in header values, so they are visible ASCII. Scripts written for q2api send empty ones for none. */
const secret = z
  .string()
  .max(16_384)
  .regex(/^[\x21-\x7e]*$/, 'must be visible ASCII characters without blanks')

const label = z.string().max(200)
const clientId = z.string().min(1).max(4096)
const shortText = z.string().min(1).max(200)
const weight = z.number().min(0).max(1000)
const region = z.string().regex(/^[a-z]{2,8}(-[a-z]{2,16}){1,3}-\d{1,2}$/, 'must be a region like us-east-1')

const proxyUrl = z
  .string()
  .max(4096)
  .refine(
    (text) => URL.canParse(text) && /^https?:\/\//i.test(text),
    'must be the address of a proxy, like http://user:password@host:port',
  )

const profileArn = z
  .string()
  .max(2048)
  .regex(/^(auto|none|arn:aws[\w-]*:codewhisperer:[a-z0-9-]+:\d*:profile\/[\w-]+)$/, {
    error: 'must be auto, none, or the ARN of a profile',
  })

const settings = {
  tags: z.array(shortText).max(50).exactOptional(),
  weight: weight.exactOptional(),
  priority: z.number().int().min(-1000).max(1000).exactOptional(),
  concurrencyLimit: z.number().int().min(1).max(1000).nullable().exactOptional(),
  models: z.array(shortText).max(100).nullable().exactOptional(),
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
  clientSecret: secret.min(1),
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
  clientSecret: secret.min(1).exactOptional(),
  refreshToken: secret.nullable().exactOptional(),
  accessToken: secret.nullable().exactOptional(),
  other: z.json().exactOptional(),
  enabled: z.boolean().exactOptional(),
  ...settings,
})

const MOST_AT_ONCE = 1000

/** Each account is judged by itself. */
export const batchBody = z.object({ accounts: z.array(z.unknown()).min(1).max(MOST_AT_ONCE) })

export const feedBody = z.object({ accounts: z.array(createAccountBody).min(1).max(MOST_AT_ONCE) })

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
