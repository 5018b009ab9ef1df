/** Longest number that is put behind a name, with its underscore. */
const SUFFIX_ROOM = 8

/**
 * Gives every name once: a name that is taken, whatever its case, gets a number behind it, within `maxLength`. Names that
 * begin alike count on from one number, so that thousands of equal ones cost no more than as many different ones.
 */
export function createUniqueNames(maxLength: number): (name: string) => string {
  const taken = new Set<string>()
  const nextNumbers = new Map<string, number>()
  return (name) => {
    const family = name.slice(0, maxLength - SUFFIX_ROOM).toLowerCase()
    let number = nextNumbers.get(family) ?? 2
    let candidate = name
    for (; taken.has(candidate.toLowerCase()); number += 1) {
      const suffix = `_${number}`
      candidate = name.slice(0, maxLength - suffix.length) + suffix
    }
    nextNumbers.set(family, number)
    taken.add(candidate.toLowerCase())
    return candidate
  }
}
