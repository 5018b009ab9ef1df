/** What was asked of the simulator and how it ended, for assertions. Secrets are kept as fingerprints. */
import { createHash } from 'node:crypto'
import type { Violation } from './rules/violation.ts'

export type Operation =
  | 'GenerateAssistantResponse'
  | 'ListAvailableModels'
  | 'ListAvailableProfiles'
  | 'GetUsageLimits'
  | 'InvokeMCP'
  | 'RegisterClient'
  | 'StartDeviceAuthorization'
  | 'CreateToken'
  | 'Unknown'

/** The last two are those of Kiro's hosts: `runtime.{region}.kiro.dev` and `management.{region}.kiro.dev`. */
export type Binding = 'aws-json' | 'rest-json' | 'kiro-runtime' | 'kiro-management'

type Outcome =
  | { kind: 'pending' }
  | { kind: 'answered'; status: number; at: number }
  | { kind: 'refused'; status: number; name: string; reason: string | null; at: number }
  /** `at` is when the simulator noticed; `bytesWritten` is what of the body had been written by then. */
  | { kind: 'aborted-by-client'; at: number; bytesWritten: number }
  /** The simulator broke the connection itself, as a script told it to. */
  | { kind: 'cut'; at: number; bytesWritten: number }
  /** A fault of the simulator, never of the client. */
  | { kind: 'crashed'; at: number; message: string }

export interface JournalEntry {
  /** Counts from 1 in the order of arrival, anew when the journal is cleared. */
  order: number
  /** Milliseconds since the epoch, on the simulator's clock. */
  receivedAt: number
  operation: Operation
  binding: Binding
  method: string
  path: string
  /** Lower-case names; `authorization` is `account:<id>` or a fingerprint. */
  headers: Record<string, string>
  /** Parsed JSON; undefined when there was none. */
  body: unknown
  bodyBytes: number
  accountId: string | undefined
  /** Unfinished chat requests of this account at arrival, this one included. */
  concurrency: number
  violations: Violation[]
  outcome: Outcome
}

export interface Journal {
  entries(): readonly JournalEntry[]
  /** Entries of one operation, in order. */
  of(operation: Operation): JournalEntry[]
  /** Every violation of every request, refused or only noted. */
  violations(): Violation[]
  /** Successful refreshes, of one account or of all. */
  refreshes(accountId?: string): number
  /** The first entry, present or to come, that fits. Rejects when the simulator closes first. */
  waitFor(predicate: (entry: JournalEntry) => boolean): Promise<JournalEntry>
  clear(): void
}

export interface JournalWriter extends Journal {
  open(entry: Omit<JournalEntry, 'order'>): JournalEntry
  /** Tells waiters that an entry has changed. */
  changed(entry: JournalEntry): void
  noteRefresh(accountId: string): void
  close(): void
}

interface Waiter {
  predicate: (entry: JournalEntry) => boolean
  resolve: (entry: JournalEntry) => void
  reject: (error: Error) => void
}

/** `keep` tells how many entries are remembered. */
export function createJournal(keep: () => number): JournalWriter {
  let entries: JournalEntry[] = []
  let order = 0
  const refreshCounts = new Map<string, number>()
  const waiters = new Set<Waiter>()

  function changed(entry: JournalEntry): void {
    for (const waiter of waiters) {
      if (!waiter.predicate(entry)) continue
      waiters.delete(waiter)
      waiter.resolve(entry)
    }
  }

  return {
    entries: () => entries,
    of: (operation) => entries.filter((entry) => entry.operation === operation),
    violations: () => entries.flatMap((entry) => entry.violations),
    refreshes(accountId) {
      if (accountId !== undefined) return refreshCounts.get(accountId) ?? 0
      return [...refreshCounts.values()].reduce((sum, count) => sum + count, 0)
    },
    waitFor(predicate) {
      const present = entries.find(predicate)
      if (present !== undefined) return Promise.resolve(present)
      return new Promise((resolve, reject) => waiters.add({ predicate, resolve, reject }))
    },
    clear() {
      entries = []
      order = 0
      refreshCounts.clear()
    },
    open(opened) {
      order += 1
      const entry = { ...opened, order }
      entries.push(entry)
      if (entries.length > keep() * 2) entries = entries.slice(-keep())
      changed(entry)
      return entry
    },
    changed,
    noteRefresh(accountId) {
      refreshCounts.set(accountId, (refreshCounts.get(accountId) ?? 0) + 1)
    },
    close() {
      for (const waiter of waiters) waiter.reject(new Error('The simulator was closed while a test waited.'))
      waiters.clear()
    },
  }
}

const SECRET_MEMBERS = new Set([
  'clientSecret',
  'refreshToken',
  'deviceCode',
  'accessToken',
  'code',
  'codeVerifier',
])

/** A short hash: equal secrets stay comparable, and cannot be read back. */
export function fingerprint(secret: string): string {
  return `sha256:${createHash('sha256').update(secret).digest('hex').slice(0, 16)}`
}

/** Replaces the secret members of an identity request's body by their fingerprints. */
export function maskSecrets(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body
  const masked = Object.entries(body).map(([name, value]: [string, unknown]) => [
    name,
    SECRET_MEMBERS.has(name) && typeof value === 'string' ? fingerprint(value) : value,
  ])
  return Object.fromEntries(masked)
}
