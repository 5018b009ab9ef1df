import { isDeepStrictEqual } from 'node:util'

/** Characters that are shown around the place where two values begin to differ. */
const BEFORE = 200
const AFTER = 400

/** Throws what is wrong in words that show both sides. */
export function demandEqual(what: string, found: unknown, wanted: unknown): void {
  if (isDeepStrictEqual(found, wanted)) return
  const [one, other] = [show(found), show(wanted)]
  const place = one.split('').findIndex((letter, index) => letter !== other[index])
  const from = Math.max(0, place - BEFORE)
  const part = (text: string): string => text.slice(from, from + BEFORE + AFTER)
  throw new Error(`${what}: …${part(one)} instead of …${part(other)}`)
}

export function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined'
}
