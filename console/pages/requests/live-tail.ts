/** The list that goes on by itself: a look a second, while nobody reads in it. */
import { useEffect, useState } from 'preact/hooks'
import type { RequestListState } from './request-list.ts'

/** Why it goes on, or waits. */
export type TailState = 'on' | 'pointer' | 'chosen' | 'failed'

const EVERY_MS = 1000

interface Tail {
  list: RequestListState
  isLive: boolean
  /** A mouse is over the list. */
  isPointed: boolean
  /** A request is chosen, or its drawer is open. */
  isChosen: boolean
}

/** For as long as it is live and in sight. Answers how it stands. */
export function useLiveTail({ list, isLive, isPointed, isChosen }: Tail): TailState {
  const [hasFailed, setFailed] = useState(false)
  const state = isChosen ? 'chosen' : isPointed ? 'pointer' : hasFailed ? 'failed' : 'on'
  const isGoing = isLive && !isChosen && !isPointed
  useEffect(() => {
    if (!isGoing) return undefined
    let isAsking = false
    const timer = window.setInterval(() => void look(), EVERY_MS)

    async function look(): Promise<void> {
      if (isAsking || document.visibilityState !== 'visible' || hasSelection()) return
      isAsking = true
      // The first page has to be there before anything is put before it.
      if (list.pages.state.peek().value !== undefined) setFailed(!(await list.loadFresh()))
      isAsking = false
    }
    return () => window.clearInterval(timer)
  }, [list, isGoing])
  return state
}

/** Somebody has marked text, which would move away. */
function hasSelection(): boolean {
  return window.getSelection()?.type === 'Range'
}
