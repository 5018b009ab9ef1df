/** An answer that is kept, from the request that points to others to the sink that it passes. */
import type { FastifyRequest } from 'fastify'
import { createReplyCollector } from '../conversation/collect-reply.ts'
import type { Reply } from '../conversation/reply.ts'
import type { ChatRequest, Dialect, ReplyHead } from '../dialects/dialect.ts'
import type { KeptAnswers } from '../kept-answers/kept-answers.ts'
import { idsOf, recall, type RecalledRequest } from '../kept-answers/recall.ts'
import type { ReplySink } from '../relay/pump.ts'
import { usageClientOf } from './client-of.ts'

/** The request, standing for itself. */
export async function recallRequest(
  kept: KeptAnswers,
  { memory }: Pick<Dialect, 'memory'>,
  request: Pick<FastifyRequest, 'body' | 'caller'>,
): Promise<RecalledRequest> {
  const { body } = request
  if (memory === undefined) return { body, own: body, parentId: undefined }
  return recall(memory, kept, { body, owner: ownerOf(request) })
}

/** Whose a kept answer is: its key's, or everybody's while no key is asked for. */
export const ownerOf = usageClientOf

/** Whether an answer to this request is kept. */
export function isToBeKept(
  kept: Pick<KeptAnswers, 'areKept'>,
  { memory }: Pick<Dialect, 'memory'>,
  chat: Pick<ChatRequest, 'isKept'>,
): boolean {
  return memory !== undefined && chat.isKept === true && kept.areKept
}

interface AnswerToKeep {
  recalled: RecalledRequest
  chat: ChatRequest
  head: ReplyHead
  owner: string
}

/** Undefined: it is not to be kept. */
export function planKeeping(
  kept: KeptAnswers,
  { memory }: Pick<Dialect, 'memory'>,
  { recalled, chat, head, owner }: AnswerToKeep,
): ((reply: Reply) => void) | undefined {
  if (memory === undefined || head.isKept !== true) return undefined
  return (reply) => {
    const answer = chat.answerForm.writeReply(reply, head)
    const { id } = answer
    if (typeof id !== 'string') throw new TypeError('An answer that is kept has an id.')
    // Items of the answer have ids made from the head's own.
    const input = memory.inputOf(recalled.own, `${head.id}_in`)
    const itemIds = { input: idsOf(input), answer: idsOf(memory.outputOf(answer)) }
    kept.keep({ id, parentId: recalled.parentId, input, answer, owner, itemIds })
  }
}

/** Passes an answer on, and gives it to `keep` when it was written as a whole. That it cannot be kept spoils nothing. */
export function keepPassing(
  sink: ReplySink,
  keep: (reply: Reply) => void,
  report: (error: unknown) => void,
): ReplySink {
  const collector = createReplyCollector()
  let whole: Reply | undefined
  let isBroken = false

  function attempt(step: () => void): void {
    if (isBroken) return
    try {
      step()
    } catch (error) {
      isBroken = true
      report(error)
    }
  }

  return {
    ...sink,
    push(event) {
      sink.push(event)
      attempt(() =>
        collector.push(event, (reply) => {
          whole = reply
        }),
      )
    },
    flush() {
      const isRoomLeft = sink.flush()
      const reply = whole
      whole = undefined
      // Still before the client can answer to what was written.
      if (reply !== undefined) attempt(() => keep(reply))
      return isRoomLeft
    },
  }
}
