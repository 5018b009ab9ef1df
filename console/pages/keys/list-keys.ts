/** Which keys a list shows, in which order. Pure. */
import type { Key } from '../../api/types.ts'

export const keyGroups = ['current', 'unused', 'ended', 'all'] as const
export type KeyGroup = (typeof keyGroups)[number]
export const keyOrders = ['name', 'created', 'used', 'requests', 'tokens', 'expires'] as const
export type KeyOrder = (typeof keyOrders)[number]

const DAY_MS = 86_400_000
const UNUSED_AFTER_MS = 30 * DAY_MS
const SOON_MS = 7 * DAY_MS

/** Whether clients may still come with it. */
function isCurrent({ status }: Pick<Key, 'status'>): boolean {
  return status === 'active' || status === 'rotating'
}

/** A key that nobody needs is a risk for nothing. */
export function isUnused(key: Key, now: number): boolean {
  return isCurrent(key) && now - Date.parse(key.last_used_at ?? key.created_at) > UNUSED_AFTER_MS
}

export function endsSoon(key: Key, now: number): boolean {
  return isCurrent(key) && key.expires_at !== null && Date.parse(key.expires_at) - now < SOON_MS
}

export function tokensIn({ input_tokens: input, output_tokens: output }: Key['usage']['today']): number {
  return input + output
}

interface Wishes {
  group: KeyGroup
  sought: string
  order: KeyOrder
}

/** `now`: milliseconds since the epoch. */
export function listKeys(keys: readonly Key[], { group, sought, order }: Wishes, now: number): Key[] {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean)
  return keys
    .filter((key) => isIn(key, group, now) && words.every((word) => textOf(key).includes(word)))
    .toSorted((one, other) => compare(one, other, order))
}

export function countGroups(keys: readonly Key[], now: number): Record<KeyGroup, number> {
  const count = (group: KeyGroup) => keys.filter((key) => isIn(key, group, now)).length
  return { current: count('current'), unused: count('unused'), ended: count('ended'), all: keys.length }
}

function isIn(key: Key, group: KeyGroup, now: number): boolean {
  switch (group) {
    case 'current':
      return isCurrent(key)
    case 'unused':
      return isUnused(key, now)
    case 'ended':
      return !isCurrent(key)
    case 'all':
    default:
      return true
  }
}

function textOf({ name, prefix, id, models, account_tags: tags, addresses }: Key): string {
  return [name, prefix, id, ...(models ?? []), ...(tags ?? []), ...(addresses ?? [])].join('\n').toLowerCase()
}

/** What is most, latest or soonest comes first; the newest where there is no difference. */
function compare(one: Key, other: Key, order: KeyOrder): number {
  const byAge = Date.parse(other.created_at) - Date.parse(one.created_at)
  return compareBy(one, other, order) || byAge || one.id.localeCompare(other.id)
}

function compareBy(one: Key, other: Key, order: KeyOrder): number {
  switch (order) {
    case 'name':
      return one.name.localeCompare(other.name)
    case 'used':
      return instantOf(other.last_used_at, 0) - instantOf(one.last_used_at, 0)
    case 'requests':
      return other.usage.month.requests - one.usage.month.requests
    case 'tokens':
      return tokensIn(other.usage.month) - tokensIn(one.usage.month)
    case 'expires':
      return instantOf(one.expires_at, NEVER) - instantOf(other.expires_at, NEVER)
    case 'created':
    default:
      return 0
  }
}

const NEVER = 8.64e15

function instantOf(text: string | null, otherwise: number): number {
  return text === null ? otherwise : Date.parse(text)
}
