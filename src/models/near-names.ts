/** Which known names somebody may have meant by one that is not known. */

const MOST_NAMES = 5
/** Longer names are compared by their beginning: the comparison costs the product of both lengths. */
const MAX_COMPARED = 40
/** So many of a name's characters may be slips. */
const SLIPS = 1 / 3

/** At most five, the nearest first: those that share a word of it, as `opus`, and those of nearly the same letters. */
export function nearNames(name: string, known: readonly string[]): string[] {
  const wanted = name.toLowerCase().slice(0, MAX_COMPARED)
  const words = wordsOf(wanted)
  return known
    .map((candidate) => {
      const compared = candidate.toLowerCase().slice(0, MAX_COMPARED)
      const shared = wordsOf(compared).filter((word) => words.includes(word)).length
      return { candidate, shared, distance: editDistance(wanted, compared) }
    })
    .filter(({ shared, distance }) => shared > 0 || distance <= wanted.length * SLIPS)
    .toSorted((a, b) => b.shared - a.shared || a.distance - b.distance)
    .slice(0, MOST_NAMES)
    .map(({ candidate }) => candidate)
}

function wordsOf(name: string): string[] {
  return name.match(/[a-z]{2,}/g) ?? []
}

/** How many characters have to be put in, taken out or replaced to make one of the other (Levenshtein, in one row). */
function editDistance(one: string, other: string): number {
  const row = Uint8Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let index = 1; index <= one.length; index += 1) {
    const character = one.charCodeAt(index - 1)
    let diagonal = index - 1
    let left = index
    row[0] = index
    for (let column = 1; column <= other.length; column += 1) {
      const above = row[column] ?? 0
      const replaced = diagonal + (character === other.charCodeAt(column - 1) ? 0 : 1)
      left = Math.min(replaced, above + 1, left + 1)
      row[column] = left
      diagonal = above
    }
  }
  return row[other.length] ?? 0
}
