import { checkAnswer } from './check-answer.ts'
import { checkRoundTrip } from './check-round-trip.ts'

/** Of so many conversations one is also answered, which takes three times as long. */
const ANSWER_EVERY = 8

export interface Seen {
  conversations: number
  messages: number
  answers: number
  calls: number
}

/** Adds to `seen`. Throws with the seed, so that a failure can be repeated. */
export function checkSeed(seed: number, seen: Seen): void {
  try {
    seen.conversations += 1
    seen.messages += checkRoundTrip(seed)
    if (Math.trunc(seed / 2) % ANSWER_EVERY !== 0) return
    seen.answers += 1
    seen.calls += checkAnswer(seed)
  } catch (cause) {
    throw new Error(`Seed ${seed}: ${String(cause)}`, { cause })
  }
}

export function createSeen(): Seen {
  return { conversations: 0, messages: 0, answers: 0, calls: 0 }
}
