import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadClient } from './client.ts'
import { note, type Tally } from './closed-loop.ts'
import { readStamps } from './paced.ts'

interface Asking {
  client: LoadClient
  /** So many are on their way at any time. */
  atOnce: number
  /** Of each answer. */
  tokens: number
  /** The first ones leave one by one over this time. */
  openingMs: number
  /** Told how long each request took, from its start to the end of its answer. */
  onAnswer: (ms: number) => void
}

/** Asks until it is stopped. Answers how to stop, which resolves when the last answer is there. */
export function keepAsking({ client, atOnce, tokens, openingMs, onAnswer }: Asking): () => Promise<Tally> {
  const tally: Tally = { wrong: 0, firstComplaint: undefined }
  const stopping = new AbortController()
  const ask = async (index: number): Promise<void> => {
    await sleep((index * openingMs) / atOnce)
    while (!stopping.signal.aborted) {
      const startedAt = performance.now()
      await note(tally, readStamps({ client, tokens }))
      onAnswer(performance.now() - startedAt)
    }
  }
  const asking = Promise.all(Array.from({ length: atOnce }, (_, index) => ask(index)))
  return async () => {
    stopping.abort()
    await asking
    return tally
  }
}
