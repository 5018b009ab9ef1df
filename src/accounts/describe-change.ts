/** What is told of an account when something happens to it: the members of a list, and never a secret. */
import type { JsonObject, JsonValue } from '../conversation/conversation.ts'
import { GATEWAY, type Actor, type EventKind, type Happening } from '../events/event.ts'
import { findDifferences } from '../events/find-differences.ts'
import type { AccountChange } from './account-input.ts'
import { isEnabled, type Account } from './account.ts'
import { describeStatus, type AccountStatus } from './status.ts'

export interface StatusChange {
  account: Pick<Account, 'id' | 'label'>
  before: AccountStatus
  after: AccountStatus
}

/** Of these it is only told that they were replaced: they are secrets, or may hold some. */
const UNTOLD = ['clientSecret', 'refreshToken', 'accessToken', 'proxyUrl', 'other'] as const

export function describeCreation(account: Account, by: Actor, wanted: AccountChange): Happening {
  const replaced = replacedBy(wanted)
  const after = { ...membersOf(account), ...(replaced.length > 0 && { with: replaced }) }
  return { kind: 'account-created', actor: by, subject: subjectOf(account), after }
}

/** Undefined when nothing changes. */
export function describeChange(
  { before, after }: { before: Account; after: Account },
  by: Actor,
  wanted: AccountChange,
): Happening | undefined {
  const replaced = replacedBy(wanted)
  const differences = findDifferences(membersOf(before), membersOf(after))
  if (differences === undefined && replaced.length === 0) return undefined
  const kind: EventKind = wanted.signIn === undefined ? 'account-changed' : 'account-signed-in'
  return {
    kind,
    actor: by,
    subject: subjectOf(after),
    before: differences?.before ?? {},
    after: { ...differences?.after, ...(replaced.length > 0 && { replaced }) },
  }
}

export function describeRemoval(account: Account, by: Actor): Happening {
  return { kind: 'account-removed', actor: by, subject: subjectOf(account), before: membersOf(account) }
}

/** What the gateway itself has found out. Undefined for pauses: they come and go, and the service's quota with them. */
export function describeStatusChange({ account, before, after }: StatusChange): Happening | undefined {
  if (lastingKind(before) === lastingKind(after)) return undefined
  return {
    kind: 'account-status',
    actor: GATEWAY,
    subject: subjectOf(account),
    before: { status: before.kind },
    after: { status: after.kind },
    reason: describeStatus(after),
  }
}

function lastingKind({ kind }: AccountStatus): AccountStatus['kind'] {
  return kind === 'cooling' || kind === 'exhausted' ? 'ready' : kind
}

function subjectOf({ id, label }: Pick<Account, 'id' | 'label'>): NonNullable<Happening['subject']> {
  return { kind: 'account', id, ...(label !== undefined && { name: label }) }
}

function replacedBy(wanted: AccountChange): string[] {
  return UNTOLD.filter((name) => wanted[name] !== undefined)
}

/** By the names of the management API. */
function membersOf(account: Account): JsonObject {
  const { settings } = account
  const members: Record<string, JsonValue | undefined> = {
    label: account.label,
    clientId: account.clientId,
    enabled: isEnabled(account),
    status: account.status.kind,
    channel: account.channel,
    region: account.region,
    signInRegion: account.signInRegion,
    startUrl: account.startUrl,
    profileArn: account.profileArn ?? settings.profile,
    origin: settings.origin,
    optOut: settings.optsOut,
    pausedUntil: settings.pausedUntil?.toISOString(),
    tags: [...settings.tags],
    weight: settings.weight,
    priority: settings.priority,
    concurrencyLimit: settings.concurrencyLimit,
    models: settings.models && [...settings.models],
  }
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, value ?? null]))
}
