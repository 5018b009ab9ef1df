/** The log of calls as a file, made piece by piece. */
import type { CallLog } from '../../calls/call-log.ts'
import type { KeptCall } from '../../calls/kept-call.ts'
import type { CallFilter } from '../../calls/traffic-store.ts'
import type { Clock } from '../../clock.ts'
import { callExportAnswer } from './console-contract.ts'
import { writeCsv } from './write-csv.ts'

const MOST_ROWS = 100_000
const ROWS_AT_ONCE = 200
/** Of a filter that finds next to nothing: each look has its bound, and the file has one too. */
const MOST_LOOKS = 20_000

export const exportTypes = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson; charset=utf-8' }

const columns = Object.keys(callExportAnswer.shape)
const HEAD = writeCsv(columns, [])

/** Newest first, as texts of whole lines. Other requests go between two looks. */
export async function* exportCalls(
  { callLog, clock }: { callLog: Pick<CallLog, 'list'>; clock: Pick<Clock, 'after'> },
  { filter, format }: { filter: CallFilter; format: keyof typeof exportTypes },
): AsyncGenerator<string> {
  if (format === 'csv') yield HEAD
  const write = format === 'csv' ? writeRows : writeLines
  let rows = 0
  let cursor: string | undefined
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const limit = Math.min(ROWS_AT_ONCE, MOST_ROWS - rows)
    const page = await callLog.list(filter, { limit, ...(cursor !== undefined && { cursor }) })
    if (page.calls.length > 0) yield write(page.calls)
    rows += page.calls.length
    cursor = page.nextCursor
    if (cursor === undefined || rows >= MOST_ROWS) return
    await new Promise<void>((resolve) => void clock.after(0, resolve))
  }
}

function writeLines(calls: readonly KeptCall[]): string {
  return calls.map((call) => `${JSON.stringify(rowOf(call))}\n`).join('')
}

function writeRows(calls: readonly KeptCall[]): string {
  const rows = calls.map((call) => Object.values(rowOf(call)).map(cellOf))
  return writeCsv(columns, rows).slice(HEAD.length)
}

/** By the schema, in its order: nothing else leaves. */
function rowOf(call: KeptCall) {
  return callExportAnswer.parse({ ...call, at: new Date(call.at).toISOString() })
}

function cellOf(value: string | number | boolean | readonly string[] | null): string {
  if (value === null) return ''
  return typeof value === 'object' ? value.join(' ') : String(value)
}
