import type { Reply } from '../../conversation/reply.ts'
import type { AnswerForm, ReplyHead } from '../dialect.ts'
import type { AnswerWishes } from './answer-wishes.ts'
import { isWorthWaiting } from './codex-patience.ts'
import { writeReply } from './write-reply.ts'
import { createEncoder } from './write-stream.ts'

/** Answers of this API, as one request wishes them. */
export function createAnswerForm(wishes: AnswerWishes): AnswerForm {
  return {
    createEncoder: (head: ReplyHead) => createEncoder({ ...head, ...wishes }),
    writeReply: (reply: Reply, head: ReplyHead) => writeReply(reply, { ...head, ...wishes }),
    // Only within a stream does Codex hear when to come back; as a status, 429 ends its turn and 5xx are tried 30 times.
    tellsInStream: (failure) => wishes.isCodex && isWorthWaiting(failure),
  }
}
