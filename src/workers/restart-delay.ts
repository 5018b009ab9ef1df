const FIRST_MS = 200
const LONGEST_MS = 30_000
/** When no other worker serves, nobody listens: what comes meanwhile is lost. */
const LONGEST_ALONE_MS = 1000
/** A worker that has lived so long did not die of its start. */
const SETTLED_AFTER_MS = 60_000

export interface RestartDelay {
  /** Milliseconds until a worker's place is filled again. `isAlone`: no other worker serves. */
  after(death: { livedMs: number; isAlone: boolean }): number
}

/** None after a long life; after deaths soon after the start, longer each time. One of these for each place. */
export function createRestartDelay(): RestartDelay {
  let earlyDeaths = 0
  return {
    after({ livedMs, isAlone }) {
      earlyDeaths = livedMs < SETTLED_AFTER_MS ? earlyDeaths + 1 : 0
      const longestMs = isAlone ? LONGEST_ALONE_MS : LONGEST_MS
      return earlyDeaths === 0 ? 0 : Math.min(FIRST_MS * 2 ** (earlyDeaths - 1), longestMs)
    },
  }
}
