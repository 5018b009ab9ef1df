/** The columns of an account that hold a structure as JSON text. */
import * as z from 'zod'
import type { Standing } from '../accounts/account-store.ts'
import { defaultSettings, type AccountSettings, type LearnedProfile } from '../accounts/account.ts'
import { noBackoff, ready, type AccountStatus } from '../accounts/status.ts'
import type { AccountsTable } from './tables.ts'

const instant = z.iso.datetime().transform((text) => new Date(text))
const until = instant
const why = z.string()
const fault = z.string().exactOptional()

const standingColumn = z.object({
  status: z.union([
    z.object({ kind: z.literal('ready') }),
    z.object({ kind: z.literal('cooling'), until, why: z.enum(['throttled', 'failing', 'sign-in-refused']) }),
    z.object({ kind: z.literal('exhausted'), until }),
    z.object({ kind: z.literal('needs-sign-in'), why, fault }),
    z.object({ kind: z.literal('misconfigured'), until, why, forOperator: why.exactOptional(), fault }),
    z.object({ kind: z.literal('parked'), why, fault }),
    z.object({
      kind: z.literal('disabled'),
      by: z.literal('threshold'),
      at: instant,
      failedProbes: z.number().exactOptional(),
      lastFailedAt: instant.exactOptional(),
      notBefore: instant.exactOptional(),
    }),
    z.object({
      kind: z.literal('disabled'),
      by: z.literal('operator'),
      why: z.string().exactOptional(),
      check: z.enum(['under-way', 'failed']).exactOptional(),
    }),
  ]),
  backoff: z.object({
    throttles: z.number(),
    denials: z.number(),
    signInRefusals: z.object({ count: z.number(), since: instant }).exactOptional(),
  }),
})

const settingsColumn = z.object({
  tags: z.array(z.string()),
  weight: z.number(),
  priority: z.number(),
  concurrencyLimit: z.number().exactOptional(),
  models: z.array(z.string()).exactOptional(),
  profile: z.enum(['auto', 'none']),
  origin: z.string().exactOptional(),
  optsOut: z.boolean().default(defaultSettings.optsOut),
  pausedUntil: instant.exactOptional(),
})

const learnedProfileColumn = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('arn'), arn: z.string() }),
  z.object({ kind: z.literal('none') }),
])

export function writeStanding({ status, backoff }: Standing): string {
  return JSON.stringify({ status, backoff })
}

/** `enabled` has the last word where the two disagree: scripts and older versions write that column alone. */
export function readStanding(row: Pick<AccountsTable, 'status' | 'enabled'>): Standing {
  const { status, backoff } = parseColumn(standingColumn, row.status) ?? { status: ready, backoff: noBackoff }
  const isEnabled = row.enabled !== 0
  if (isEnabled === (status.kind !== 'disabled')) return { status, backoff }
  const byHand: AccountStatus = isEnabled ? ready : { kind: 'disabled', by: 'operator' }
  return { status: byHand, backoff }
}

export function writeSettings(settings: AccountSettings): string {
  return JSON.stringify(settings)
}

export function readSettings(text: string | null): AccountSettings {
  return parseColumn(settingsColumn, text) ?? defaultSettings
}

export function writeLearnedProfile(learned: LearnedProfile | undefined): string | null {
  return learned === undefined ? null : JSON.stringify(learned)
}

export function readLearnedProfile(text: string | null): LearnedProfile | undefined {
  return parseColumn(learnedProfileColumn, text)
}

/** Undefined for what is absent or unreadable: the defaults then serve better than no start. */
function parseColumn<S extends z.ZodType>(schema: S, text: string | null): z.output<S> | undefined {
  if (text === null) return undefined
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
