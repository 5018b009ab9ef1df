/** Open pages of the console, and turns with them and without. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Contestant } from '../lab/lab.ts'

export const PAGES = 20

/** Resolves when all of them are there, with how to leave them. */
export async function openPages({ client }: Contestant, onServed?: () => void): Promise<() => void> {
  const pages = await Promise.all(Array.from({ length: PAGES }, () => client.watch('/v2/feed', onServed)))
  return () => pages.forEach((leave) => leave())
}

interface Turns<Heard> {
  pairs: number
  /** Before it is listened: pages come and go, and what began before them ends. */
  settlingMs: number
  listen: () => Promise<Heard>
}

/** What was heard without pages and with them, each time one right behind the other. */
export async function takeTurns<Heard>(
  contestant: Contestant,
  { pairs, settlingMs, listen }: Turns<Heard>,
): Promise<{ alone: Heard; watched: Heard }[]> {
  async function takeTurn(isWatched: boolean): Promise<Heard> {
    const leave = isWatched ? await openPages(contestant) : undefined
    await sleep(settlingMs)
    const heard = await listen()
    leave?.()
    return heard
  }

  const taken: { alone: Heard; watched: Heard }[] = []
  for (let pair = 0; pair < pairs; pair += 1) {
    // Either kind comes first as often, since the machine may become slower, or faster, all the while.
    const isAloneFirst = pair % 2 === 0
    const first = await takeTurn(!isAloneFirst)
    const second = await takeTurn(isAloneFirst)
    taken.push(isAloneFirst ? { alone: first, watched: second } : { alone: second, watched: first })
  }
  return taken
}
