import { MOST_ROWS, tooManyRows, unreadable, type SourceRecord } from './source.ts'

/** Of all values of a database together. */
const MOST_TOTAL_CHARACTERS = 256_000_000

/** Stands for a value that was left where it is. */
export const tooLong: unique symbol = Symbol('too long')

/** The rows of a database, as far as their number and size are those of accounts. */
export function gatherRecords() {
  const records: SourceRecord[] = []
  let characters = 0

  return {
    records,
    /** Throws `invalid-request` when it becomes too much. */
    add(record: SourceRecord): void {
      for (const value of Object.values(record)) characters += typeof value === 'string' ? value.length : 0
      if (characters > MOST_TOTAL_CHARACTERS) throw unreadable('What is in it is too large for accounts.')
      if (records.length === MOST_ROWS) throw tooManyRows()
      records.push(record)
    },
  }
}
