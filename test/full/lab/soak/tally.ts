/** What came of the requests of all clients. */

export interface Tally {
  sent: number
  /** Complete, and word for word what the service said. */
  exact: number
  /** The client left before the end. */
  left: number
  /** Refused, as they were to be. */
  mistakes: number
  /** Told of with an error of the API, though the client had done nothing wrong: before the answer began, and in the middle of it. */
  refused: Map<string, number>
  broken: Map<string, number>
  /** Anything else. */
  wrong: string[]
  byKind: Map<string, number>
}

const MOST_WORDS = 400

export function createTally(): Tally {
  return {
    sent: 0,
    exact: 0,
    left: 0,
    mistakes: 0,
    refused: new Map(),
    broken: new Map(),
    wrong: [],
    byKind: new Map(),
  }
}

export function addTo(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

export function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}

export function noteWrong(tally: Tally, complaint: string): void {
  tally.wrong.push(complaint.slice(0, MOST_WORDS))
}
