/** An account as the management API shows it: q2api's field names first, then ours, and no secret. */
import type { JsonValue } from '../conversation/conversation.ts'
import { findJsonExcess } from '../conversation/json-shape.ts'
import { parseJson } from '../conversation/parse-json.ts'
import { isEnabled, type Account, type Identity } from './account.ts'
import type { Quota } from './quota.ts'
import { registrationWarning } from './standing/registration.ts'
import { whyOf, type StatusWhy } from './status-why.ts'
import { describeStatus, isPaused, presentStatus, waitsForPerson, type PresentStatus } from './status.ts'
import { viewInstant } from './view-instant.ts'
import { viewQuota } from './view-quota.ts'

const HIDDEN = '[hidden]'
const SECRET_NAME = /secret|token|passw|passphrase|credential|authorization|cookie|keys?$/i
/** Amazon's tokens, JSON Web Tokens, API keys, AWS keys, PEM files. */
const SECRET_TEXT =
  /\b(?:ao[ar][\w-]{16}|eyJ[\w-]{8}|k?sk[-_][\w-]{8}|aq_[\w-]{16}|A[KS]IA[A-Z0-9]{16})|PRIVATE KEY-----/

export type AccountView = ReturnType<typeof viewAccount>

/** What the row of the account does not tell. */
interface Known {
  quota?: Quota | undefined
  /** Since when it comes and goes, in milliseconds since the epoch. */
  unsteadySince?: number | undefined
}

/** Names and time format are part of the public interface; `null` stands for what the account does not have. */
export function viewAccount(account: Account, now: number, known: Known = {}) {
  const { lastRefresh, fingerprints, settings } = account
  return {
    id: account.id,
    label: account.label ?? null,
    clientId: account.clientId,
    other: account.other === undefined ? null : hideSecrets(account.other),
    last_refresh_time: lastRefresh.status === 'never' ? null : viewInstant(lastRefresh.at),
    last_refresh_status: lastRefresh.status,
    created_at: viewInstant(account.createdAt),
    updated_at: viewInstant(account.updatedAt),
    enabled: isEnabled(account),
    error_count: Math.floor(account.strikes),
    success_count: account.successes,
    expires_at: account.expiresAt === undefined ? null : viewInstant(account.expiresAt),
    hasClientSecret: fingerprints.clientSecret !== undefined,
    hasRefreshToken: fingerprints.refreshToken !== undefined,
    hasAccessToken: fingerprints.accessToken !== undefined,
    hasProxyUrl: fingerprints.proxyUrl !== undefined,
    fingerprints: {
      clientSecret: fingerprints.clientSecret ?? null,
      refreshToken: fingerprints.refreshToken ?? null,
      accessToken: fingerprints.accessToken ?? null,
      proxyUrl: fingerprints.proxyUrl ?? null,
    },
    readable: account.readable,
    channel: account.channel,
    region: account.region,
    signInRegion: account.signInRegion,
    startUrl: account.startUrl ?? null,
    identity: viewIdentity(account.identity),
    profileArn: account.profileArn ?? settings.profile,
    profileInUse: profileInUse(account),
    origin: settings.origin ?? null,
    optOut: settings.optsOut,
    registrationExpiresAt:
      account.registrationExpiresAt === undefined ? null : viewInstant(account.registrationExpiresAt),
    warnings: [registrationWarning(account, now)].filter((warning) => warning !== undefined),
    tags: [...settings.tags],
    weight: settings.weight,
    priority: settings.priority,
    concurrencyLimit: settings.concurrencyLimit ?? null,
    models: settings.models === undefined ? null : [...settings.models],
    pausedUntil:
      settings.pausedUntil === undefined || !isPaused(account, now)
        ? null
        : viewInstant(settings.pausedUntil),
    status: viewStatus(presentStatus(account, now)),
    // One that waits for a person does not come and go.
    unsteadySince:
      known.unsteadySince === undefined || waitsForPerson(account.status)
        ? null
        : viewInstant(new Date(known.unsteadySince)),
    quota: viewQuota(known.quota, now),
  }
}

/** What requests name now, as far as it is known: an ARN, `none`, or null while nothing was learned. */
function profileInUse({ profileArn, learnedProfile, settings }: Account): string | null {
  if (profileArn !== undefined) return profileArn
  if (settings.profile === 'none') return 'none'
  return learnedProfile?.kind === 'arn' ? learnedProfile.arn : (learnedProfile?.kind ?? null)
}

/** Enough for its owner to know it again. */
function viewIdentity(identity: Identity | undefined) {
  if (identity === undefined) return null
  const { userId, email, plan } = identity
  return { userId: mask(userId), email: email === undefined ? null : maskEmail(email), plan: plan ?? null }
}

function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return at < 0 ? mask(email) : `${mask(email.slice(0, at))}${email.slice(at)}`
}

/** The ends of a long text, the beginning of a short one. */
function mask(text: string): string {
  return text.length > 12 ? `${text.slice(0, 4)}…${text.slice(-4)}` : `${text.slice(0, 2)}…`
}

/** `why` tells programs, `message` the same to people. */
export function viewStatus(status: PresentStatus) {
  return {
    kind: status.kind,
    until: 'until' in status ? viewInstant(status.until) : null,
    by: status.kind === 'disabled' ? status.by : null,
    why: viewWhy(whyOf(status)),
    message: describeStatus(status),
  }
}

function viewWhy(why: StatusWhy) {
  if (why.code !== 'failed-too-often') return 'until' in why ? { ...why, until: viewInstant(why.until) } : why
  return { ...why, since: viewInstant(why.since), nextTryAt: viewInstant(why.nextTryAt) }
}

/**
 * `other` belongs to the operator, and tools that export accounts put tokens there. It is shown, for scripts read it,
 * but members whose name or text looks like a secret are not; JSON kept as text is looked into as well.
 */
function hideSecrets(value: JsonValue): JsonValue {
  if (typeof value === 'string') return hideInText(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(hideSecrets)
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      SECRET_NAME.test(name) ? HIDDEN : hideSecrets(member),
    ]),
  )
}

/** JSON that is too deep to be looked into may hold anything, so nothing of it is shown. */
function hideInText(text: string): string {
  if (!/^\s*[[{]/.test(text)) return SECRET_TEXT.test(text) ? HIDDEN : text
  if (findJsonExcess(text) !== undefined) return HIDDEN
  const nested = parseJson(text)
  const shown = nested === undefined ? text : JSON.stringify(hideSecrets(nested))
  return SECRET_TEXT.test(shown) ? HIDDEN : shown
}
