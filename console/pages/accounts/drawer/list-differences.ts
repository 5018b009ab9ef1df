/** What an event changed, member by member. Pure. */
import type { EventEntry } from '../../../api/types.ts'

interface Difference {
  name: string
  before: string
  after: string
}

export function listDifferences({ before, after }: Pick<EventEntry, 'before' | 'after'>): Difference[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return [...names].map((name) => ({
    name,
    before: write(before?.[name]),
    after: write(after?.[name]),
  }))
}

function write(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(write).join(', ')
  return JSON.stringify(value)
}
