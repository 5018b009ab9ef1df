const FIRST_MS = 200
const LONGEST_MS = 30_000
/** A worker that has lived so long did not die of its start. */
const SETTLED_AFTER_MS = 60_000

export interface RestartDelay {
  /** Milliseconds until a worker's place is filled again. */
  after(livedMs: number): number
}

/** None after a long life; after deaths soon after the start, longer each time. One of these for each place. */
export function createRestartDelay(): RestartDelay {
  let earlyDeaths = 0
  return {
    after(livedMs) {
      earlyDeaths = livedMs < SETTLED_AFTER_MS ? earlyDeaths + 1 : 0
      return earlyDeaths === 0 ? 0 : Math.min(FIRST_MS * 2 ** (earlyDeaths - 1), LONGEST_MS)
    },
  }
}
