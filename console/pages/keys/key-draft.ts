/** What a form holds of a key, and what it comes to. Pure. */
import type { Key, KeyChanges, KeyWishes } from '../../api/types.ts'

export const limitFields = [
  'requests_per_minute',
  'concurrent_requests',
  'tokens_per_day',
  'tokens_per_month',
  'credits_per_day',
  'credits_per_month',
] as const
export type LimitField = (typeof limitFields)[number]

export const expiryChoices = ['30', '90', '365', 'never', 'date'] as const
/** In days. `keep`: as it is, in a key that is there already. */
export type ExpiryChoice = (typeof expiryChoices)[number] | 'keep'

export interface KeyDraft {
  name: string
  expiry: ExpiryChoice
  /** The last day, as `2026-11-30`, where the choice is a date. */
  lastDay: string
  models: readonly string[]
  accountTags: readonly string[]
  addresses: readonly string[]
  /** As typed; empty: no limit. */
  limits: Readonly<Record<LimitField, string>>
}

export const blankKey: KeyDraft = {
  name: '',
  expiry: '30',
  lastDay: '',
  models: [],
  accountTags: [],
  addresses: [],
  limits: {
    requests_per_minute: '',
    concurrent_requests: '',
    tokens_per_day: '',
    tokens_per_month: '',
    credits_per_day: '',
    credits_per_month: '',
  },
}

export function draftOfKey(key: Key): KeyDraft {
  const typed = (field: LimitField) => (key.limits[field] === null ? '' : String(key.limits[field]))
  return {
    name: key.name,
    expiry: 'keep',
    lastDay: '',
    models: key.models ?? [],
    accountTags: key.account_tags ?? [],
    addresses: key.addresses ?? [],
    limits: {
      requests_per_minute: typed('requests_per_minute'),
      concurrent_requests: typed('concurrent_requests'),
      tokens_per_day: typed('tokens_per_day'),
      tokens_per_month: typed('tokens_per_month'),
      credits_per_day: typed('credits_per_day'),
      credits_per_month: typed('credits_per_month'),
    },
  }
}

export type KeyFault = 'name' | 'lastDay' | LimitField

/** The fields that hold nothing the gateway would take. */
export function faultsOf(draft: KeyDraft, now: number): KeyFault[] {
  const expiresAt = expiryOf(draft, now)
  const isDayWrong = typeof expiresAt === 'string' && !(Date.parse(expiresAt) > now)
  return [
    ...(draft.name.trim() === '' ? ['name' as const] : []),
    ...(isDayWrong ? ['lastDay' as const] : []),
    ...limitFields.filter((field) => !isLimit(draft.limits[field], field)),
  ]
}

export function wishesOf(draft: KeyDraft, now: number): KeyWishes {
  const limits = limitFields
    .map((field) => [field, readLimit(draft.limits[field])] as const)
    .filter(([, limit]) => limit !== null)
  const expiresAt = expiryOf(draft, now)
  return {
    name: draft.name.trim(),
    ...(typeof expiresAt === 'string' && { expires_at: expiresAt }),
    ...(draft.models.length > 0 && { models: [...draft.models] }),
    ...(draft.accountTags.length > 0 && { account_tags: [...draft.accountTags] }),
    ...(draft.addresses.length > 0 && { addresses: [...draft.addresses] }),
    ...(limits.length > 0 && { limits: Object.fromEntries(limits) }),
  }
}

/** The members that the draft changes, and no others. */
export function changesOfKey(key: Key, draft: KeyDraft, now: number): KeyChanges {
  const limits = limitFields
    .map((field) => [field, readLimit(draft.limits[field])] as const)
    .filter(([field, limit]) => limit !== key.limits[field])
  const expiresAt = expiryOf(draft, now)
  return {
    ...(draft.name.trim() !== key.name && { name: draft.name.trim() }),
    ...(expiresAt !== undefined && expiresAt !== key.expires_at && { expires_at: expiresAt }),
    ...(isOther(key.models, draft.models) && { models: orNull(draft.models) }),
    ...(isOther(key.account_tags, draft.accountTags) && { account_tags: orNull(draft.accountTags) }),
    ...(isOther(key.addresses, draft.addresses) && { addresses: orNull(draft.addresses) }),
    ...(limits.length > 0 && { limits: Object.fromEntries(limits) }),
  }
}

const DAY_MS = 86_400_000

/** Null: never; undefined: as it is. An empty text stands for a day that is none. */
function expiryOf({ expiry, lastDay }: KeyDraft, now: number): string | null | undefined {
  switch (expiry) {
    case 'keep':
      return undefined
    case 'never':
      return null
    case 'date':
      return endOfDay(lastDay)
    case '30':
    case '90':
    case '365':
    default:
      return write(now + Number(expiry) * DAY_MS)
  }
}

/** Where the operator is. */
function endOfDay(day: string): string {
  const instant = Date.parse(`${day}T23:59:59`)
  return Number.isNaN(instant) ? '' : write(instant)
}

function write(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`
}

const MOST = 1e15

function isLimit(typed: string, field: LimitField): boolean {
  const limit = readLimit(typed)
  if (limit === null) return true
  if (!(limit > 0 && limit <= MOST)) return false
  return field.startsWith('credits') || Number.isInteger(limit)
}

function readLimit(typed: string): number | null {
  return typed.trim() === '' ? null : Number(typed.trim())
}

function isOther(list: readonly string[] | null, edited: readonly string[]): boolean {
  return JSON.stringify(list ?? []) !== JSON.stringify(edited)
}

function orNull(list: readonly string[]): string[] | null {
  return list.length === 0 ? null : [...list]
}
