/**
 * The answers of the operator's routes: each has the members that its schema names, and no others leave, whatever a handler
 * returns. No schema names a secret. A new route says `answering(…)` beside its handler; a test finds one that does not.
 */
import * as z from 'zod'
import { offCodes, pauseCodes, refusalCodes, setUpCodes, signInCodes } from '../../accounts/status-why.ts'

const text = z.string()
const textOrNull = z.string().nullable()
const numberOrNull = z.number().nullable()
/** Tells whether two secrets are the same, and nothing of them. */
const fingerprint = z
  .string()
  .regex(/^[0-9a-f]{8}$/)
  .nullable()

const quota = z
  .object({
    left: numberOrNull,
    limit: numberOrNull,
    resetsAt: textOrNull,
    plan: textOrNull,
    readAt: text,
  })
  .nullable()

const until = text.describe('When it ends by itself')
const detail = text.describe('What the gateway or the service said of it, in English')

/** What pages and programs have words of their own for. */
const statusWhy = z
  .discriminatedUnion('code', [
    z.object({ code: z.literal('ready') }),
    z.object({ code: z.enum(pauseCodes), until }),
    z.object({ code: z.enum(signInCodes), detail }),
    z.object({ code: z.enum(setUpCodes), until, detail }),
    z.object({ code: z.enum(refusalCodes), detail }),
    z.object({ code: z.enum(offCodes), detail: detail.nullable() }),
    z.object({
      code: z.literal('failed-too-often'),
      since: text,
      failedTries: z.number().describe('Since then'),
      nextTryAt: text,
    }),
  ])
  .describe('Why the status is what it is')

export const accountAnswer = z.object({
  id: text,
  label: textOrNull,
  clientId: text,
  /** The operator's own, with what looks like a secret hidden. */
  other: z.unknown(),
  last_refresh_time: textOrNull,
  last_refresh_status: text,
  created_at: text,
  updated_at: text,
  enabled: z.boolean(),
  error_count: z.number(),
  success_count: z.number(),
  expires_at: textOrNull,
  hasClientSecret: z.boolean(),
  hasRefreshToken: z.boolean(),
  hasAccessToken: z.boolean(),
  hasProxyUrl: z.boolean(),
  fingerprints: z.object({
    clientSecret: fingerprint,
    refreshToken: fingerprint,
    accessToken: fingerprint,
    proxyUrl: fingerprint,
  }),
  readable: z.boolean(),
  channel: text,
  region: text,
  signInRegion: text,
  startUrl: textOrNull,
  identity: z.object({ userId: text, email: textOrNull, plan: textOrNull }).nullable(),
  profileArn: text,
  profileInUse: textOrNull,
  origin: textOrNull,
  optOut: z.boolean(),
  registrationExpiresAt: textOrNull,
  warnings: z.array(text),
  tags: z.array(text),
  weight: z.number(),
  priority: z.number(),
  concurrencyLimit: numberOrNull,
  models: z.array(text).nullable(),
  pausedUntil: textOrNull.describe('The operator lets it rest until then'),
  status: z.object({ kind: text, until: textOrNull, by: textOrNull, why: statusWhy, message: textOrNull }),
  unsteadySince: textOrNull,
  quota,
})

export const accountListAnswer = z.object({ accounts: z.array(accountAnswer), count: z.number() })

export const accountPageAnswer = z.object({
  accounts: z.array(accountAnswer),
  total: z.number().describe('Of all pages'),
  revision: z.number().describe('By which can be asked what has changed since'),
  nextCursor: textOrNull,
})

export const accountChangesAnswer = z.object({
  accounts: z.array(accountAnswer).nullable().describe('Null: more than `limit` have changed'),
  total: z.number().describe('Of all accounts'),
  revision: z.number(),
})

export const batchAnswer = z.object({
  created: z.number(),
  failed: z.number(),
  results: z.array(
    z.object({ index: z.number(), status: text, id: text.optional(), error: text.optional() }),
  ),
})

export const feedAnswer = z.object({ status: text, message: text, account_ids: z.array(text) })

export const removalAnswer = z.object({ deleted: text })

export const accountUsageAnswer = z.object({
  accountId: text,
  plan: textOrNull,
  left: numberOrNull,
  limit: numberOrNull,
  exhausted: z.boolean().nullable(),
  resetsAt: textOrNull,
  sources: z.array(
    z.object({
      kind: text,
      name: textOrNull,
      used: z.number(),
      limit: z.number(),
      left: z.number(),
      endsAt: textOrNull,
    }),
  ),
  overage: z
    .object({ allowed: z.boolean(), used: z.number(), cap: numberOrNull, left: numberOrNull })
    .nullable(),
  forecast: z.object({ kind: text, at: textOrNull, creditsPerDay: z.number() }).nullable(),
  readAt: textOrNull,
  triedAt: textOrNull,
  error: textOrNull,
})

export const signInStartAnswer = z.object({
  authId: text,
  verificationUriComplete: text.describe('Where the person approves'),
  verificationUri: text,
  userCode: text,
  expiresIn: z.number().describe('Seconds'),
  interval: z.number().describe('Seconds between two polls of the server'),
})

export const signInAnswer = z.object({
  status: z.enum(['pending', 'completed', 'timeout', 'error']),
  remaining: z.number().describe('Seconds'),
  error: textOrNull,
  accountId: textOrNull,
  userCode: textOrNull,
  verificationUriComplete: textOrNull,
})

export const signInListAnswer = z.object({
  signIns: z.array(
    signInAnswer.extend({
      authId: text,
      label: textOrNull,
      startUrl: text,
      region: text,
      created_at: text,
    }),
  ),
  count: z.number(),
})

/** All of it to the first who sees the end, the rest to whoever asks again. */
export const claimAnswer = z.object({
  status: text,
  account: accountAnswer.optional(),
  accountId: textOrNull.optional(),
  error: textOrNull.optional(),
})

export const sessionListAnswer = z.object({
  sessions: z.array(
    z.object({
      id: text,
      accountId: text,
      standInId: text.optional(),
      since: text,
      lastRequestAt: text,
      requests: z.number(),
    }),
  ),
  count: z.number(),
})

export const modelListAnswer = z.object({
  models: z.array(
    z.object({
      id: text,
      displayName: text,
      contextWindow: z.number().describe('In tokens'),
      maxOutput: numberOrNull,
      takesImages: z.boolean(),
      takesDocuments: z.boolean(),
      thinks: z.boolean().describe('Whether it can be asked to think'),
      efforts: z.array(text).describe('Those that it can be told to make'),
      rate: numberOrNull.describe(
        'Credits for a unit of use, relative to other models; null: the service does not say',
      ),
    }),
  ),
  count: z.int(),
})

export const translationAnswer = z.object({
  model: text.describe('The model that would answer'),
  account_id: textOrNull,
  input_tokens: z.number().describe('Estimated'),
  request: z
    .object({
      method: text,
      url: text,
      headers: z.record(z.string(), z.string()),
      body: z.unknown(),
    })
    .describe('Method, URL, headers without credentials, and body'),
  ignored: z.array(text).describe('As in the header x-aqueduct-ignored'),
  findings: z.array(z.object({ rule: text, severity: text, path: text, message: text })),
  notes: z.array(text).describe('Where the request shown differs from the one that would be sent'),
})

const totals = z.object({
  requests: z.number(),
  unanswered_requests: z.number(),
  input_tokens: z.number(),
  output_tokens: z.number(),
  cache_read_tokens: z.number(),
  cache_write_tokens: z.number(),
  credits: z.number(),
  tokens_by_source: z.record(z.string(), z.number()),
})

/** Of the secret of a key the beginning, by which people know it again. */
export const keyAnswer = z.object({
  id: text,
  name: text,
  prefix: textOrNull,
  status: text,
  created_at: text,
  last_used_at: textOrNull,
  revoked_at: textOrNull,
  replaced_until: textOrNull,
  expires_at: textOrNull,
  models: z.array(text).nullable(),
  account_tags: z.array(text).nullable(),
  addresses: z.array(text).nullable(),
  limits: z.object({
    requests_per_minute: numberOrNull,
    concurrent_requests: numberOrNull,
    tokens_per_day: numberOrNull,
    tokens_per_month: numberOrNull,
    credits_per_day: numberOrNull,
    credits_per_month: numberOrNull,
  }),
  usage: z.object({ today: totals, month: totals }),
})

/** The one answer that has the key itself. */
export const newKeyAnswer = keyAnswer.extend({ key: text.describe('Shown this once') })

export const keyListAnswer = z.object({
  keys: z.array(keyAnswer),
  count: z.number(),
  environment: z
    .array(keyAnswer.pick({ id: true, usage: true }))
    .describe('Those of OPENAI_KEYS, by their place there; nothing of the keys themselves'),
})

/** The members of what changed are chosen where an event is made: no secret is among them. */
const changedMembers = z.record(z.string(), z.unknown()).nullable()
const nextCursor = textOrNull

export const eventListAnswer = z.object({
  events: z.array(
    z.object({
      id: z.number(),
      at: text,
      kind: text,
      actor: z.object({ kind: text, via: textOrNull, name: textOrNull, address: textOrNull }),
      subject: z.object({ kind: text, id: text, name: textOrNull }).nullable(),
      before: changedMembers.describe('The members that have changed, without secrets'),
      after: changedMembers,
      reason: textOrNull,
      previousHash: text,
      hash: text,
    }),
  ),
  nextCursor,
})

export const eventCheckAnswer = z.object({
  intact: z.boolean(),
  checked: z.number(),
  problems: z.array(z.object({ kind: text, id: z.number() })),
  through: z.object({ id: z.number(), hash: text }).describe('The last entry that was looked at'),
  nextCursor,
})

/** `keyId` names the key that is in use from now on, and tells nothing about it. */
export const keyRotationAnswer = z.object({ what: text, keyId: text })

/** Readable: without secrets. With them it is an envelope that the passphrase opens. */
export const exportAnswer = z.union([
  z.object({
    format: z.literal('aqueduct-accounts'),
    version: z.number(),
    exportedAt: text,
    accounts: z.array(
      accountAnswer.pick({
        id: true,
        label: true,
        clientId: true,
        enabled: true,
        tags: true,
        weight: true,
        priority: true,
        concurrencyLimit: true,
        models: true,
        channel: true,
        region: true,
        signInRegion: true,
        profileArn: true,
        origin: true,
        optOut: true,
        created_at: true,
      }),
    ),
  }),
  z.object({
    format: text,
    version: z.number(),
    kdf: z.object({ name: text, n: z.number(), r: z.number(), p: z.number(), salt: text }),
    cipher: text,
    nonce: text,
    ciphertext: text,
  }),
])

export const importAnswer = batchAnswer.pick({ created: true, results: true }).extend({
  duplicates: z.number(),
  invalid: z.number(),
})
