/** Several things that a page asks for again and again, one at a time: all of them together cost a request a minute. */

export interface Turn {
  everyMinutes: number
  /** Somebody else asks for it at first. */
  isBegun?: boolean
  load: () => Promise<void>
}

const MINUTE_MS = 60_000
/** Timers are not on time to the millisecond. */
const LENIENCE_MS = 1000

/** The place of what is overdue the most, by its own measure; -1: nothing is due. */
export function nextTurn(turns: readonly { everyMinutes: number; askedAt: number }[], now: number): number {
  let chosen = -1
  let most = 1
  for (const [place, { everyMinutes, askedAt }] of turns.entries()) {
    const overdue = (now - askedAt + LENIENCE_MS) / (everyMinutes * MINUTE_MS)
    if (overdue < most) continue
    most = overdue
    chosen = place
  }
  return chosen
}

/** Asks at once for all that nobody has asked for, then for one a minute while the page is in sight. Answers how to stop. */
export function takeTurns(turns: readonly Turn[]): () => void {
  let askedAt = performance.now()
  const waiting = turns.map((turn) => ({ ...turn, askedAt }))
  for (const { load, isBegun = false } of turns) if (!isBegun) void load()

  function look(): void {
    const now = performance.now()
    if (document.visibilityState !== 'visible' || now - askedAt < MINUTE_MS - LENIENCE_MS) return
    const turn = waiting[nextTurn(waiting, now)]
    if (turn === undefined) return
    askedAt = now
    turn.askedAt = now
    void turn.load()
  }
  const timer = window.setInterval(look, MINUTE_MS)
  document.addEventListener('visibilitychange', look)
  return () => {
    window.clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
  }
}
