/** Has the gateway go through the whole chain of events, a piece at a time. */
import { ask } from '../../api/client.ts'
import type { EventCheck } from '../../api/types.ts'

export interface ChainCheck {
  checked: number
  problems: EventCheck['problems']
  /** Of the last entry that was looked at. */
  hash: string
  isDone: boolean
}

const MOST_PROBLEMS = 100

/** `tell` is called after each piece. Rejects when the signal aborts. */
export async function checkChain(signal: AbortSignal, tell: (check: ChainCheck) => void): Promise<void> {
  let cursor: string | null = null
  let check: ChainCheck = { checked: 0, problems: [], hash: '', isDone: false }
  do {
    const path: string = cursor === null ? '' : `?${new URLSearchParams({ cursor }).toString()}`
    const piece: EventCheck = await ask<EventCheck>(`/v2/events/verify${path}`, { signal })
    cursor = piece.nextCursor
    check = {
      checked: check.checked + piece.checked,
      problems: [...check.problems, ...piece.problems].slice(0, MOST_PROBLEMS),
      hash: piece.through.hash,
      isDone: cursor === null,
    }
    tell(check)
  } while (cursor !== null)
}
