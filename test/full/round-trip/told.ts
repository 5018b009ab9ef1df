import type { Random } from '../hostile/random.ts'

/** A request that tells a tale. */
export interface Told {
  headers: Record<string, string>
  body: Record<string, unknown>
}

/** Sometimes in two, so that one turn is several messages; the first `together` stay in the first. */
export function cut<T>(items: readonly T[], together: number, random: Random): T[][] {
  const place = Math.max(together, 1) + random.below(3)
  if (items.length <= place || random.below(3) > 0) return [[...items]]
  return [items.slice(0, place), items.slice(place)]
}

/** Both in one row, each in its own order. */
export function interleave<T>(ones: readonly T[], others: readonly T[], random: Random): T[] {
  const row = [...ones]
  let place = 0
  for (const other of others) {
    place += random.below(row.length - place + 1)
    row.splice(place, 0, other)
    place += 1
  }
  return row
}

export function base64Of(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** JSON text of an object, as some model may write it. */
export function writeJson(value: object, random: Random): string {
  return JSON.stringify(value, undefined, random.pick(['', '', ' ', '\t']))
}
