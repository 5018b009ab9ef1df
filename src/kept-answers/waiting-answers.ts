/** Answers on their way into the database: found here as long as they are not found there. */
import type { Cancel, Clock } from '../clock.ts'
import type { NewAnswer } from './kept-answer-store.ts'

/** Their texts together, in characters. */
const MOST_WAITING = 64 * 1024 * 1024
const TRY_AGAIN_AFTER_MS = 1000
const MOST_TRIES = 5

interface WaitingParts {
  store: (answer: NewAnswer) => Promise<void>
  clock: Clock
  /** Told of an answer that could not be stored; it is tried again a few times. */
  report: (error: unknown) => void
}

export interface WaitingAnswers {
  /** False: too many wait already. */
  add(answer: NewAnswer): boolean
  get(id: string, owner: string): NewAnswer | undefined
  /** Those of an owner that have one of these items. */
  findByItems(itemIds: ReadonlySet<string>, owner: string): NewAnswer[]
  /** Resolves when each that waits now has been tried. */
  flush(): Promise<void>
  /** The same; none is tried again. */
  close(): Promise<void>
}

export function createWaitingAnswers({ store, clock, report }: WaitingParts): WaitingAnswers {
  const waiting = new Map<string, { answer: NewAnswer; size: number; tries: number }>()
  let total = 0
  let cancel: Cancel | undefined
  let writing = Promise.resolve()
  let isClosed = false

  function writeAfter(delayMs: number): void {
    if (!isClosed) cancel ??= clock.after(delayMs, () => void flush())
  }

  function flush(): Promise<void> {
    cancel?.()
    cancel = undefined
    writing = writing.then(writeAll)
    return writing
  }

  async function writeAll(): Promise<void> {
    for (const entry of waiting.values()) {
      try {
        await store(entry.answer)
        drop(entry.answer.id)
      } catch (error) {
        entry.tries += 1
        report(error)
        if (entry.tries === MOST_TRIES) drop(entry.answer.id)
        // Those that go on from it come after it.
        else return writeAfter(TRY_AGAIN_AFTER_MS)
      }
    }
  }

  function drop(id: string): void {
    total -= waiting.get(id)?.size ?? 0
    waiting.delete(id)
  }

  return {
    add(answer) {
      const size = answer.input.length + answer.answer.length
      if (isClosed || total + size > MOST_WAITING) return false
      total += size
      waiting.set(answer.id, { answer, size, tries: 0 })
      writeAfter(0)
      return true
    },
    get(id, owner) {
      const answer = waiting.get(id)?.answer
      return answer?.owner === owner ? answer : undefined
    },
    findByItems(itemIds, owner) {
      const answers = [...waiting.values()].map(({ answer }) => answer)
      return answers.filter((each) => each.owner === owner && each.itemIds.some((id) => itemIds.has(id)))
    },
    flush,
    close() {
      isClosed = true
      return flush()
    },
  }
}
