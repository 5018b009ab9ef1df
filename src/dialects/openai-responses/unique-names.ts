import { hash } from 'node:crypto'

/** Longer names are not taken by models. */
const MAX_LENGTH = 64
const DIGEST_CHARACTERS = 8

/** Two names as one; what is too long for that ends in a digest, so that names with one beginning stay apart. */
export function joinNames(first: string, second: string): string {
  const joined = `${first}__${second}`
  if (joined.length <= MAX_LENGTH) return joined
  const digest = hash('sha256', joined).slice(0, DIGEST_CHARACTERS)
  return `${joined.slice(0, MAX_LENGTH - DIGEST_CHARACTERS - 1)}_${digest}`
}

/** The name, or the first of `name_2`, `name_3`, … that is free. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  for (let count = 1; ; count += 1) {
    const ending = count === 1 ? '' : `_${count}`
    const candidate = name.slice(0, MAX_LENGTH - ending.length) + ending
    if (!isTaken(candidate)) return candidate
  }
}
