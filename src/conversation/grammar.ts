import { GatewayError } from './failures.ts'
import type { ReplyEvent } from './reply.ts'
import type { ReplyStage } from './stage.ts'

type Place = 'before' | 'between' | 'inside' | 'after'

/** Which event may come at which place, and where it leads. */
const moves: Record<Place, Partial<Record<ReplyEvent['type'], Place>>> = {
  before: { 'reply-start': 'between' },
  between: { 'block-start': 'inside', 'reply-end': 'after' },
  inside: { 'block-delta': 'inside', 'block-end': 'between' },
  after: {},
}

/**
 * Passes a reply on and holds it to its grammar, `reply-start (block-start block-delta* block-end)* reply-end`.
 * A breach is our own bug: it throws `internal` rather than letting a client see a garbled stream.
 */
export function createGrammarCheck(): ReplyStage {
  let place: Place = 'before'
  return {
    push(event, emit) {
      const next = moves[place][event.type]
      if (next === undefined) {
        throw new GatewayError('internal', `The gateway made an answer out of order: ${event.type} ${place}.`)
      }
      place = next
      emit(event)
    },
    end() {
      if (place !== 'after') throw new GatewayError('interrupted', 'The answer stopped before its end.')
    },
  }
}
