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

/**
 * Gives each name once: the name, or the first of `name_2`, `name_3`, … that is free. It counts on from one name to the next
 * of the same beginning, so that a thousand equal ones cost no more than as many different ones.
 */
export function createFreeNames(taken: Iterable<string>): (name: string) => string {
  const all = new Set(taken)
  const counts = new Map<string, number>()
  return (name) => {
    const beginning = name.slice(0, MAX_LENGTH)
    let count = counts.get(beginning) ?? 1
    let candidate = withCount(name, count)
    for (; all.has(candidate); candidate = withCount(name, count)) count += 1
    counts.set(beginning, count)
    all.add(candidate)
    return candidate
  }
}

function withCount(name: string, count: number): string {
  const ending = count === 1 ? '' : `_${count}`
  return name.slice(0, MAX_LENGTH - ending.length) + ending
}
