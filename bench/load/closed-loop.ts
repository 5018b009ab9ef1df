/** What came of the requests of one window. */
export interface Tally {
  wrong: number
  /** Why the first wrong one is. */
  firstComplaint: string | undefined
}

interface ClosedLoop {
  requests: number
  /** So many are on their way at any time; the next one leaves when one is answered. */
  atOnce: number
  /** Rejects when the answer is wrong. */
  run: () => Promise<void>
}

export async function runClosedLoop({ requests, atOnce, run }: ClosedLoop): Promise<Tally> {
  const tally: Tally = { wrong: 0, firstComplaint: undefined }
  let left = requests
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await note(tally, run())
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return tally
}

/** Counts the answer as wrong when it rejects. */
export async function note(tally: Tally, answer: Promise<void>): Promise<void> {
  try {
    await answer
  } catch (error) {
    tally.wrong += 1
    tally.firstComplaint ??= error instanceof Error ? error.message : String(error)
  }
}
