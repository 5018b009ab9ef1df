/**
 * The rows as they are stored. Columns are text, integer or double alone, so that one schema fits every database:
 * instants are ISO 8601 text, structures are JSON text, flags are 0 or 1. Rows never leave this folder.
 */
import type { Actor, EventKind, Happening } from '../events/event.ts'
import type { CallOutcome } from '../calls/outcome.ts'
import type { CaptureScope } from '../captures/capture-rule.ts'
import type { TopKind } from '../calls/top-steps.ts'
import type { DataKeyPurpose } from '../access/data-keys.ts'
import type { UsageRow } from '../quotas/client-usage-store.ts'
import type { SignInState } from '../sign-in/sign-in.ts'

export interface AccountsTable {
  id: string
  label: string | null
  clientId: string
  /** Sealed, like the other secrets: see access/secrets.ts. */
  clientSecret: string
  refreshToken: string | null
  accessToken: string | null
  /** JSON, sealed as a whole: the operator may keep secrets in it. */
  other: string | null
  last_refresh_time: string | null
  last_refresh_status: string
  created_at: string
  updated_at: string
  enabled: number
  /** Double: an unclear failure counts half. */
  error_count: number
  success_count: number
  expires_at: string | null
  channel: string
  region: string
  sign_in_region: string
  profile_arn: string | null
  token_version: number
  /** JSON; null means what `enabled` says. */
  status: string | null
  /** JSON; null: the defaults. */
  settings: string | null
  /** Sealed: it may hold a password. */
  proxyUrl: string | null
  refresh_lease_owner: string | null
  /** By the database's time. */
  refresh_lease_until: string | null
  /** Keyed hash of the client and refresh token that the account was made with: the same again is a duplicate. */
  origin_hash: string | null
  start_url: string | null
  registration_expires_at: string | null
  /** JSON, sealed: an e-mail address and an id of the person. */
  identity: string | null
  /** Keyed hash of the person's id. */
  identity_hash: string | null
  /** JSON */
  learned_profile: string | null
  /** Number of the last change that other processes want to know of. */
  revision: number
}

/** What is counted up with each change, so that other processes see that there is one. */
interface RevisionsTable {
  name: string
  value: number
}

/** Work that one process at a time does, by the database's time. */
interface LeasesTable {
  name: string
  owner: string
  until: string
}

/** Sign-ins that have begun. Instants are the database's own. */
export interface SignInsTable {
  id: string
  /** `reserved` and `given-up` rows only count as starts; the others are the kinds of a SignInState. */
  state: 'reserved' | 'given-up' | SignInState['kind']
  created_at: string
  expires_at: string | null
  interval_seconds: number
  /** JSON, sealed: what was ordered, and what its person is shown. */
  request: string | null
  /** JSON, sealed; there while it is pending. */
  device: string | null
  /** JSON, sealed; there while it is approved. */
  tokens: string | null
  account_id: string | null
  message: string | null
  /** 1: its result was handed out. */
  told: number
}

interface SettingsTable {
  name: string
  value: string
}

/** What was set in the console, by the names of the environment. */
interface ConsoleSettingsTable {
  name: string
  value: string
}

/** Who tried passwords: an address, or everybody. */
interface PasswordAttemptsTable {
  subject: string
  failures: number
  last_failure_at: string
  last_success_at: string | null
}

/** What was last read of an account's quota, and what became of it since. */
export interface AccountQuotasTable {
  account_id: string
  /** JSON; null: it was never read. */
  quota: string | null
  /** When that was. */
  read_at: string | null
  tried_at: string | null
  error: string | null
  failures: number
  /** Credits since it was read. */
  spent: number
  used_at: string | null
  /** Number of the last reading or failure. */
  revision: number
}

/** What had been spent of an account's credits at the end of a day, for forecasts. */
interface QuotaSamplesTable {
  account_id: string
  day: string
  at: string
  used: number
}

/** What clients have used. */
interface UsageDailyTable {
  day: string
  client: string
  model: string
  source: UsageRow['source']
  requests: number
  input_tokens: number
  output_tokens: number
  cache_read_tokens: number
  cache_write_tokens: number
  credits: number
  assumed_credits: number
}

/** What happened, in a chain; see events/chain.ts. */
export interface EventsTable {
  id: number
  at: string
  kind: EventKind
  actor_kind: Actor['kind']
  actor_via: string | null
  actor_name: string | null
  actor_address: string | null
  subject_kind: NonNullable<Happening['subject']>['kind'] | null
  subject_id: string | null
  subject_name: string | null
  /** JSON, like the next. */
  before: string | null
  after: string | null
  reason: string | null
  previous_hash: string
  hash: string
}

/** Keys of clients that were created here. */
export interface ClientKeysTable {
  id: string
  name: string
  created_at: string
  expires_at: string | null
  revoked_at: string | null
  last_used_at: string | null
  /** JSON: models, account tags, addresses and limits. */
  permissions: string
}

/** Keyed digests by which those keys are found; the secrets themselves are nowhere. */
export interface ClientKeySecretsTable {
  digest: string
  key_id: string
  /** The later ones replaced the earlier. */
  place: number
  /** The beginning of the secret, for people. */
  prefix: string
  created_at: string
  /** It was replaced, and works until then. */
  ends_at: string | null
}

/** The keys that values are sealed with. */
interface DataKeysTable {
  id: string
  number: number
  purpose: DataKeyPurpose
  /** Sealed with the master key. */
  wrapped: string
  encryptions: number
}

/** Which credentials an account had last, so that older ones put in their place are noticed. */
interface AccountSealsTable {
  account_id: string
  /** Keyed hash of them as they are stored, with their version. */
  seal: string
}

/** Who is signed in as the operator. */
interface OperatorSessionsTable {
  /** SHA-256 of what the cookie holds. */
  digest: string
  created_at: string
  last_seen_at: string
  /** Keyed hash that only the gateway can make, over the other facts and the password of that time. */
  proof: string
}

/** What scripts of the operator's carry. */
interface AdminTokensTable {
  id: string
  /** Keyed hash of the token. */
  digest: string
  name: string
  scope: string
  created_at: string
  expires_at: string
  last_used_at: string | null
}

/** How requests ended, by steps of so many seconds. */
export interface TrafficTable {
  resolution: number
  start: string
  ok: number
  client_errors: number
  throttled: number
  upstream_errors: number
  shed: number
  cancelled: number
  input_tokens: number
  output_tokens: number
}

/** How long first tokens, or whole answers, took, in the same steps: see calls/latency-bins.ts. */
interface TrafficLatenciesTable {
  resolution: number
  start: string
  bin: number
  requests: number
}

/** Which models and keys requests were for: see calls/top-steps.ts. */
interface TrafficTopsTable {
  resolution: number
  start: string
  kind: TopKind
  name: string
  requests: number
  failures: number
  input_tokens: number
  output_tokens: number
}

/** How requests went through accounts, by the hour. */
interface AccountTrafficTable {
  start: string
  account_id: string
  requests: number
  ok: number
}

interface AccountLatenciesTable {
  start: string
  account_id: string
  bin: number
  requests: number
}

/** The worst that happened at an account in a minute. */
interface TrafficBeatsTable {
  minute: string
  account_id: string
  level: number
}

/** Requests of clients that have ended, without anything that was said. */
export interface CallsTable {
  id: string
  at: string
  outcome: CallOutcome
  status: number
  failure: string | null
  dialect: string
  stream: number
  model: string
  model_used: string | null
  key_id: string | null
  /** JSON */
  account_ids: string
  first_token_ms: number | null
  total_ms: number
  input_tokens: number | null
  output_tokens: number | null
  credits: number | null
  usage_source: string | null
  stop_reason: string | null
  /** JSON */
  repairs: string
  client: string | null
  request_bytes: number | null
  has_tools: number | null
  has_images: number | null
  tries: number | null
  /** JSON: which accounts were tried, and why. */
  course: string
}

/** Calls by the accounts that were tried. */
interface CallAccountsTable {
  account_id: string
  at: string
  call_id: string
}

/** Conversations of which answers are kept: an answer and all that go on from it. */
interface KeptThreadsTable {
  /** Id of its first answer. */
  id: string
  /** Whose it is, as usage is told apart. */
  owner: string
  /** JSON, sealed: the key that its answers are sealed with, and the owner. */
  key: string
  /** The beginning of time: it has to go, whatever its age. */
  expires_at: string
  answers: number
  bytes: number
}

/** Answers that clients want kept. */
export interface KeptAnswersTable {
  id: string
  thread_id: string
  /** The answer that it goes on from. */
  parent_id: string | null
  created_at: string
  /** 1: nobody finds it any more, but others go on from it. */
  deleted: number
  /** Of the next two. */
  input_bytes: number
  answer_bytes: number
  /** JSON, sealed with the key of the thread: what its request said itself. */
  input: string
  /** The same: the answer. */
  answer: string
}

/** Which answer has an item. */
interface KeptItemsTable {
  /** SHA-256 of the owner and the item's id. */
  digest: string
  answer_id: string
  /** The column. */
  part: 'input' | 'answer'
}

/** Which calls have their bodies kept. */
export interface CaptureRulesTable {
  scope: CaptureScope
  key_id: string | null
  started_at: string
  ends_at: string
  captured: number
  dropped: number
}

/** What was said in calls, for a while. */
export interface CapturedCallsTable {
  id: string
  at: string
  expires_at: string
  /** Of the next one. */
  bytes: number
  /** JSON, sealed. */
  bodies: string
}

export interface Tables {
  accounts: AccountsTable
  settings: SettingsTable
  console_settings: ConsoleSettingsTable
  sign_ins: SignInsTable
  revisions: RevisionsTable
  leases: LeasesTable
  password_attempts: PasswordAttemptsTable
  account_quotas: AccountQuotasTable
  quota_samples: QuotaSamplesTable
  usage_daily: UsageDailyTable
  events: EventsTable
  client_keys: ClientKeysTable
  client_key_secrets: ClientKeySecretsTable
  data_keys: DataKeysTable
  account_seals: AccountSealsTable
  operator_sessions: OperatorSessionsTable
  admin_tokens: AdminTokensTable
  traffic: TrafficTable
  traffic_latencies: TrafficLatenciesTable
  traffic_durations: TrafficLatenciesTable
  traffic_tops: TrafficTopsTable
  traffic_beats: TrafficBeatsTable
  account_traffic: AccountTrafficTable
  account_latencies: AccountLatenciesTable
  calls: CallsTable
  call_accounts: CallAccountsTable
  kept_threads: KeptThreadsTable
  kept_answers: KeptAnswersTable
  kept_items: KeptItemsTable
  capture_rules: CaptureRulesTable
  captured_calls: CapturedCallsTable
}
