/** The shapes of the routes about settings and about the gateway itself. */
import * as z from 'zod'
import { reservations, settingGroups, settingUnits } from '../../settings/setting-facts.ts'
import { proxyOutcomes } from '../../outbound/try-proxy.ts'
import { proxyUrl, storableText } from './contract.ts'

const NAME = 'must be the name of a setting'
const MOST_OF_VALUE = 10_000
const settingName = z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, NAME)
const settingText = storableText.max(MOST_OF_VALUE, `must be at most ${MOST_OF_VALUE} characters`)

export const changeSettingsBody = z.strictObject({
  revision: z
    .int()
    .min(0)
    .describe('Of the answer that the changes are made to; 409 if there is a newer one'),
  settings: z
    .record(settingName, settingText.nullable())
    .refine((each) => Object.keys(each).length > 0, 'must name at least one setting')
    .describe('Values as the environment would have them; null: as if it had never been set here'),
})

const kind = z.discriminatedUnion('type', [
  z.object({ type: z.literal('number'), least: z.number(), most: z.number(), isWhole: z.boolean() }),
  z.object({ type: z.literal('flag') }),
  z.object({ type: z.literal('choice'), words: z.array(z.string()).readonly() }),
  z.object({ type: z.literal('list') }),
  z.object({ type: z.literal('text') }),
])

const value = z.string().nullable()

const settingView = z.object({
  name: z.string(),
  group: z.enum(settingGroups),
  kind,
  unit: z.enum(settingUnits).nullable(),
  value: value.describe('What holds now, as the environment would have it; null: nothing, or it is a secret'),
  isSet: z.boolean(),
  default: value,
  source: z.enum(['environment', 'console', 'default']),
  lockedBy: z
    .enum(['environment', ...reservations])
    .nullable()
    .describe('Why it cannot be set here: it is set there, or what it is about'),
  applies: z.enum(['at-once', 'restart']),
  inConsole: value.describe('What is set here, whether it counts or not; null: nothing, or it is a secret'),
  isInConsole: z.boolean().describe('Something is set here, though it be a secret'),
  pending: z.object({ value }).nullable().describe('What holds after a restart, if that is something else'),
  problem: z.string().nullable().describe('Why what is set here does not count'),
})

export const settingsAnswer = z
  .object({
    revision: z.int(),
    settings: z.array(settingView),
    unknown: z
      .array(z.object({ name: z.string(), problem: z.string() }))
      .describe('Set here once, and no settings of this version'),
  })
  .describe('OK')

export const proxyTrialBody = z.strictObject({
  proxyUrl: proxyUrl
    .exactOptional()
    .describe('Like http://user:password@host:port; absent: the one that is set'),
})

export const proxyTrialAnswer = z.object({
  outcome: z
    .enum([...proxyOutcomes, 'unused'])
    .describe('unused: calls to the service go directly, and nothing was tried'),
  milliseconds: z.int(),
  service: z.string().describe('Host that was to be reached'),
})

export const systemAnswer = z
  .object({
    version: z.string(),
    node: z.string(),
    platform: z.string(),
    startedAt: z.string(),
    workers: z.int(),
    database: z.object({
      kind: z.enum(['sqlite', 'postgresql']),
      bytes: z.number().nullable(),
      freeBytes: z
        .number()
        .nullable()
        .describe('Within it, left by what was deleted and used again; null: nobody knows'),
    }),
    encryption: z.object({
      source: z
        .enum(['variable', 'file', 'data-folder'])
        .describe('Where the master key comes from: MASTER_KEY, MASTER_KEY_FILE, or the data folder'),
      keyId: z.string().describe('Of the data key that seals now'),
      waiting: z.int().describe('Rows that are still sealed with an earlier key'),
    }),
  })
  .describe('OK')
