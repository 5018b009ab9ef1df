import { describe, expect, it } from 'vitest'
import type { ImportResult } from '../../../api/types.ts'
import { importInParts, PART_ROWS, type RowResult } from './import-in-parts.ts'

const rows = Array.from({ length: PART_ROWS * 2 + 1 }, (_, index) => ({ index }))

function answer(part: readonly unknown[]): ImportResult {
  const results = part.map((_, index) => ({ index, status: 'created' }))
  return { created: part.length, duplicates: 0, invalid: 0, results }
}

describe('an import in parts', () => {
  it('sends each row once and counts the results through', async () => {
    const sent: unknown[] = []
    const told: (readonly RowResult[])[] = []
    await importInParts({
      rows,
      send: (part) => {
        sent.push(...part)
        return Promise.resolve(answer(part))
      },
      onResults: (results) => told.push(results),
      isStopped: () => false,
    })
    expect(sent).toEqual(rows)
    expect(told.map((results) => results.length)).toEqual([PART_ROWS, PART_ROWS * 2, PART_ROWS * 2 + 1])
    expect(told.at(-1)?.map(({ index }) => index)).toEqual(rows.map(({ index }) => index))
  })

  it('stops between two parts when it is told to', async () => {
    let told: readonly RowResult[] = []
    await importInParts({
      rows,
      send: (part) => Promise.resolve(answer(part)),
      onResults: (results) => (told = results),
      isStopped: () => told.length > 0,
    })
    expect(told).toHaveLength(PART_ROWS)
  })

  it('fails with what a part failed with, and keeps the results before', async () => {
    let told: readonly RowResult[] = []
    const failed = importInParts({
      rows,
      send: (part) => (told.length > 0 ? Promise.reject(new Error('gone')) : Promise.resolve(answer(part))),
      onResults: (results) => (told = results),
      isStopped: () => false,
    })
    await expect(failed).rejects.toThrow('gone')
    expect(told).toHaveLength(PART_ROWS)
  })
})
