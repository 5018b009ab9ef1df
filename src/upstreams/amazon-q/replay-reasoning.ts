/** Reasoning of earlier turns, as far as the model can check that it is its own (protocol 3.7). */

import type { AssistantTurn, Turn } from '../../conversation/conversation.ts'
import type { ReasoningSeal } from './reasoning-seal.ts'
import type { QReasoning } from './schema.ts'

/**
 * A message holds one piece of reasoning, so of several the last counts: it is what led to the tool calls that the next
 * message answers. A signature without text belongs to thinking that was not shown.
 */
export function chooseReasoning(
  turn: AssistantTurn,
  seal: Pick<ReasoningSeal, 'open'>,
): QReasoning | undefined {
  for (const part of turn.parts.toReversed()) {
    if (part.kind === 'thinking' && part.signature !== undefined) {
      const signature = seal.open(part.signature)
      if (signature !== undefined) return { reasoningText: { text: part.text, signature } }
    } else if (part.kind === 'redacted-thinking') {
      const redactedContent = seal.open(part.data)
      if (redactedContent !== undefined) return { redactedContent }
    }
  }
  return undefined
}

/** How many pieces of reasoning a conversation has; what has neither text nor proof is none. */
export function countReasoning(turns: readonly Turn[]): number {
  let count = 0
  for (const turn of turns) {
    for (const part of turn.parts) {
      const isReasoning =
        part.kind === 'redacted-thinking' ||
        (part.kind === 'thinking' && (part.text !== '' || part.signature !== undefined))
      if (isReasoning) count += 1
    }
  }
  return count
}
