/** Counts what clients use, in memory, and stores it in batches, so that no request waits for the database. */
import type { Cancel, Clock } from '../clock.ts'
import type { Usage } from '../conversation/reply.ts'
import { createAnswerPrices } from './answer-prices.ts'
import type { ClientUsageStore, UsageRow, UsageSums } from './client-usage-store.ts'
import { summarizeUsage, type UsageSummary } from './summarize-usage.ts'

export interface ClientRequest {
  /** A fingerprint of the client's key, never the key. */
  client: string
  model: string
  /** Absent: it had no answer. */
  usage?: Usage | undefined
  /** Of whole answers that the client did not get, and that were paid for. */
  thrownAway?: readonly Usage[]
}

export interface ClientUsage {
  /** Answers what it counted, for the limits of the client's key. */
  note(request: ClientRequest): UsageSums[]
  /** Of this client alone, this process's last moments included. */
  read(client: string): Promise<UsageSummary>
  /** Stores what was counted so far. */
  close(): Promise<void>
}

interface ClientUsageParts {
  store: ClientUsageStore
  clock: Clock
  /** Told of counts that could not be stored; they are kept and tried again. */
  report: (error: unknown) => void
}

const WRITE_AFTER_MS = 2000
const DAY_MS = 86_400_000
const KEEP_DAYS = 400
/** As much as the database takes. */
const MAX_NAME_LENGTH = 64

export function createClientUsage({ store, clock, report }: ClientUsageParts): ClientUsage {
  let pending = new Map<string, UsageRow>()
  let writing: Promise<void> = Promise.resolve()
  let cancel: Cancel | undefined
  let prunedOn: string | undefined
  let isClosed = false
  const dayOf = createDayNames()
  const prices = createAnswerPrices()

  function count(row: UsageRow): void {
    const key = `${row.client} ${row.day} ${row.source} ${row.model}`
    const known = pending.get(key)
    pending.set(key, known === undefined ? row : addRows(known, row))
    writeSoon()
  }

  function writeSoon(): void {
    if (!isClosed) cancel ??= clock.after(WRITE_AFTER_MS, () => void flush())
  }

  function flush(): Promise<void> {
    cancel?.()
    cancel = undefined
    writing = writing.then(write)
    return writing
  }

  async function write(): Promise<void> {
    const batch = pending
    if (batch.size === 0) return
    pending = new Map()
    try {
      await store.add([...batch.values()])
      await prune()
    } catch (error) {
      batch.forEach(count)
      report(error)
    }
  }

  /** By whichever process is the first to count on a day; twice does no harm. */
  async function prune(): Promise<void> {
    const today = dayOf(clock.now())
    if (prunedOn === today) return
    prunedOn = today
    await store.prune(dayOf(clock.now() - KEEP_DAYS * DAY_MS)).catch(report)
  }

  return {
    note({ client, model, usage, thrownAway = [] }) {
      const whose = { day: dayOf(clock.now()), client, model: model.slice(0, MAX_NAME_LENGTH) }
      const usages = [usage, ...thrownAway]
      usages.forEach((each) => each && prices.learn(model, each))
      const counted = usages.map((each, index) => ({
        ...whose,
        ...toSums(each),
        assumedCredits: each === undefined ? 0 : prices.assume(model, each),
        requests: index === 0 ? 1 : 0,
      }))
      counted.forEach(count)
      return counted
    },
    async read(client) {
      await flush()
      const today = dayOf(clock.now())
      return summarizeUsage(await store.listSince(client, `${today.slice(0, 7)}-01`), today)
    },
    close() {
      isClosed = true
      return flush()
    },
  }
}

/** Days of UTC as 2026-11-22. Most requests are of the same day as the one before. */
function createDayNames(): (time: number) => string {
  let known = Number.NaN
  let name = ''
  return (time) => {
    const day = Math.floor(time / DAY_MS)
    if (day !== known) {
      known = day
      name = new Date(time).toISOString().slice(0, 10)
    }
    return name
  }
}

function toSums(usage: Usage | undefined) {
  return {
    source: usage?.source ?? ('none' as const),
    inputTokens: usage?.inputTokens ?? 0,
    outputTokens: usage?.outputTokens ?? 0,
    cacheReadTokens: usage?.cacheReadTokens ?? 0,
    cacheWriteTokens: usage?.cacheWriteTokens ?? 0,
    credits: usage?.credits ?? 0,
  }
}

function addRows(a: UsageRow, b: UsageRow): UsageRow {
  return {
    ...a,
    requests: a.requests + b.requests,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    credits: a.credits + b.credits,
    assumedCredits: a.assumedCredits + b.assumedCredits,
  }
}
