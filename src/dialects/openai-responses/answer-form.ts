import type { Reply } from '../../conversation/reply.ts'
import type { AnswerForm, ReplyHead } from '../dialect.ts'
import type { AnswerHead, AnswerWishes } from './answer-wishes.ts'
import { isWorthWaiting } from './codex-patience.ts'
import { writeReply } from './write-reply.ts'
import { createEncoder } from './write-stream.ts'

/** Answers of this API, as one request wishes them. */
export function createAnswerForm(wishes: AnswerWishes): AnswerForm {
  return {
    createEncoder: (head: ReplyHead) => createEncoder(headOf(head, wishes)),
    writeReply: (reply: Reply, head: ReplyHead) => writeReply(reply, headOf(head, wishes)),
    // Only within a stream does Codex hear when to come back; as a status, 429 ends its turn and 5xx are tried 30 times.
    tellsInStream: (failure) => wishes.isCodex && isWorthWaiting(failure),
  }
}

/**
 * What is kept has its proof of thinking with it, or whoever goes on from it would have lost it. The client sees it too: what
 * is read again is what was answered, and OpenAI's own answers have it by default. `store` tells what is done, not what was
 * wished: where nothing is kept there is nothing to go on from.
 */
function headOf(head: ReplyHead, { echo, sealedReasoning, ...wishes }: AnswerWishes): AnswerHead {
  const isKept = head.isKept ?? false
  return { ...head, ...wishes, sealedReasoning: sealedReasoning || isKept, echo: { ...echo, store: isKept } }
}
