/** Sends an import in parts, so that one sees how far it is and can stop it. Pure but for what it is given. */
import type { ImportResult } from '../../../api/types.ts'

export type RowResult = ImportResult['results'][number]

export const PART_ROWS = 50

interface Parts {
  rows: readonly unknown[]
  /** Imports some rows; the results count from 0. */
  send: (rows: readonly unknown[]) => Promise<ImportResult>
  /** All results so far. */
  onResults: (results: readonly RowResult[]) => void
  isStopped: () => boolean
}

/** Rejects with what `send` did; the results so far were told before. */
export async function importInParts({ rows, send, onResults, isStopped }: Parts): Promise<void> {
  let results: readonly RowResult[] = []
  for (let start = 0; start < rows.length && !isStopped(); start += PART_ROWS) {
    const answer = await send(rows.slice(start, start + PART_ROWS))
    results = [...results, ...answer.results.map((each) => ({ ...each, index: each.index + start }))]
    onResults(results)
  }
}
