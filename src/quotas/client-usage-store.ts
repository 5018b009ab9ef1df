import type { UsageSource } from '../conversation/reply.ts'

/** Sums of requests. */
export interface UsageSums {
  requests: number
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number
  cacheWriteTokens: number
  credits: number
  /** What answers probably cost whose price nobody told. For limits alone: it is shown to nobody as used. */
  assumedCredits: number
}

/** The sums of one day, client, model and source of numbers. */
export interface UsageRow extends UsageSums {
  /** Of UTC: `2026-11-22`. */
  day: string
  /** A fingerprint of the client's key, never the key. */
  client: string
  model: string
  /** Who counted the tokens; `none`: the request had no answer. */
  source: UsageSource | 'none'
}

/** Where clients' usage is kept. */
export interface ClientUsageStore {
  /** Adds, all or nothing, to what this and other processes have stored. */
  add(rows: readonly UsageRow[]): Promise<void>
  /** Of the client alone, from a day on. */
  listSince(client: string, day: string): Promise<UsageRow[]>
  /** Forgets the days before this one. */
  prune(day: string): Promise<void>
}
