/** What a form holds of an account, and what it comes to. Pure. */
import type { Account, AccountChanges, NewAccount } from '../../../api/types.ts'

export interface AccountDraft {
  label: string
  enabled: boolean
  tags: readonly string[]
  /** As typed, as are the other numbers. */
  weight: string
  priority: string
  concurrencyLimit: string
  models: readonly string[]
  region: string
  profileArn: string
  /** Empty leaves it as it is: it is never shown again. */
  proxyUrl: string
  removesProxy: boolean
}

/** What signs a new account in. */
export interface CredentialsDraft {
  clientId: string
  clientSecret: string
  refreshToken: string
}

/** In the order of the form. */
export const settingFields = [
  'label',
  'enabled',
  'tags',
  'weight',
  'priority',
  'concurrencyLimit',
  'models',
  'region',
  'profileArn',
] as const
export type SettingField = (typeof settingFields)[number]
type Settings = Required<Pick<AccountChanges, SettingField>>

export const blankDraft: AccountDraft = {
  label: '',
  enabled: true,
  tags: [],
  weight: '1',
  priority: '0',
  concurrencyLimit: '',
  models: [],
  region: 'us-east-1',
  profileArn: 'auto',
  proxyUrl: '',
  removesProxy: false,
}

export function draftOf(account: Account): AccountDraft {
  return {
    label: account.label ?? '',
    enabled: account.enabled,
    tags: account.tags,
    weight: String(account.weight),
    priority: String(account.priority),
    concurrencyLimit: account.concurrencyLimit === null ? '' : String(account.concurrencyLimit),
    models: account.models ?? [],
    region: account.region,
    profileArn: account.profileArn,
    proxyUrl: '',
    removesProxy: false,
  }
}

export type NumberField = 'weight' | 'priority' | 'concurrencyLimit'

/** Those that hold no number of their range. */
export function numberFaults(draft: AccountDraft): NumberField[] {
  const weight = readNumber(draft.weight)
  const priority = readNumber(draft.priority)
  const limit = readNumber(draft.concurrencyLimit)
  return [
    ...(isBetween(weight, 0, 1000) ? [] : ['weight' as const]),
    ...(isBetween(priority, -1000, 1000) && Number.isInteger(priority) ? [] : ['priority' as const]),
    ...(limit === null || (isBetween(limit, 1, 1000) && Number.isInteger(limit))
      ? []
      : ['concurrencyLimit' as const]),
  ]
}

/** The members that the draft changes, and no others. */
export function changesOf(account: Account, draft: AccountDraft): AccountChanges {
  const wanted = settingsIn(draft)
  const is = (field: SettingField) => !isSame(account[field], wanted[field])
  return {
    ...(is('label') && { label: wanted.label }),
    ...(is('enabled') && { enabled: wanted.enabled }),
    ...(is('tags') && { tags: wanted.tags }),
    ...(is('weight') && { weight: wanted.weight }),
    ...(is('priority') && { priority: wanted.priority }),
    ...(is('concurrencyLimit') && { concurrencyLimit: wanted.concurrencyLimit }),
    ...(is('models') && { models: wanted.models }),
    ...(is('region') && { region: wanted.region }),
    ...(is('profileArn') && { profileArn: wanted.profileArn }),
    ...(draft.removesProxy && { proxyUrl: null }),
    ...(!draft.removesProxy && draft.proxyUrl.trim() !== '' && { proxyUrl: draft.proxyUrl.trim() }),
  }
}

/** The changes whose fields somebody else has changed since the form was opened. */
export function conflictsOf(opened: Account, latest: Account, changes: AccountChanges): SettingField[] {
  return settingFields.filter((field) => field in changes && !isSame(opened[field], latest[field]))
}

export function newAccountOf(credentials: CredentialsDraft, draft: AccountDraft): NewAccount {
  const { label, enabled, tags, weight, priority, ...rest } = settingsIn(draft)
  return {
    clientId: credentials.clientId.trim(),
    clientSecret: credentials.clientSecret.trim(),
    refreshToken: credentials.refreshToken.trim(),
    label,
    enabled,
    tags,
    weight,
    priority,
    ...rest,
    ...(draft.proxyUrl.trim() !== '' && { proxyUrl: draft.proxyUrl.trim() }),
  }
}

function settingsIn(draft: AccountDraft): Settings {
  return {
    label: draft.label.trim() === '' ? null : draft.label.trim(),
    enabled: draft.enabled,
    tags: [...draft.tags],
    weight: readNumber(draft.weight) ?? 1,
    priority: readNumber(draft.priority) ?? 0,
    concurrencyLimit: readNumber(draft.concurrencyLimit),
    models: draft.models.length === 0 ? null : [...draft.models],
    region: draft.region.trim(),
    profileArn: draft.profileArn.trim() === '' ? 'auto' : draft.profileArn.trim(),
  }
}

/** Null: nothing is there. NaN: it is no number. */
function readNumber(typed: string): number | null {
  return typed.trim() === '' ? null : Number(typed.trim())
}

function isBetween(value: number | null, least: number, most: number): boolean {
  return value !== null && value >= least && value <= most
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
