/** What a request points to, put in its place. */
import type { JsonObject } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import type { AnswerMemory } from '../dialects/dialect.ts'
import type { KeptAnswer } from './kept-answer.ts'
import type { KeptAnswers } from './kept-answers.ts'

export interface RecalledRequest {
  /** Stands for itself. */
  body: unknown
  /** The same without what was said before the answer that it goes on from. */
  own: unknown
  parentId: string | undefined
}

interface Asked {
  body: unknown
  owner: string
}

/** Throws `invalid-request` when it points to what is not there. */
export async function recall(
  memory: AnswerMemory,
  kept: KeptAnswers,
  { body, owner }: Asked,
): Promise<RecalledRequest> {
  const { answerId, itemIds } = memory.referencesOf(body)
  if (answerId === undefined && itemIds.length === 0) return { body, own: body, parentId: undefined }
  if (!kept.areKept) throw refuseAll(answerId)
  const itemsOf = ({ input, answer }: KeptAnswer) => [...input, ...memory.outputOf(answer)]
  const thread = answerId === undefined ? [] : await kept.readThread(answerId, owner)
  const earlier = thread.flatMap(itemsOf)
  const items = byId(earlier)
  const missing = itemIds.filter((id) => !items.has(id))
  if (missing.length > 0) {
    const holders = await kept.findByItems(missing, owner)
    for (const [id, item] of byId(holders.flatMap(itemsOf))) items.set(id, item)
  }
  const unknown = itemIds.find((id) => !items.has(id))
  if (unknown !== undefined) throw noSuchItem(unknown)
  return {
    body: memory.resolve(body, { earlier, items }),
    own: memory.resolve(body, { earlier: [], items }),
    parentId: answerId,
  }
}

/** Ids of items, where they have one. */
export function idsOf(items: readonly JsonObject[]): string[] {
  return [...byId(items).keys()]
}

function byId(items: readonly JsonObject[]): Map<string, JsonObject> {
  return new Map(items.flatMap((item) => (typeof item['id'] === 'string' ? [[item['id'], item]] : [])))
}

function refuseAll(answerId: string | undefined): GatewayError {
  const text = 'No responses are kept here (RESPONSES_KEEP_DAYS): send the whole conversation in `input`.'
  return answerId === undefined
    ? new GatewayError('invalid-request', text, { field: 'input' })
    : new GatewayError('invalid-request', text, {
        field: 'previous_response_id',
        code: 'previous_response_not_found',
      })
}

const MOST_OF_ID = 100

function noSuchItem(id: string): GatewayError {
  const text = `Item with id '${id.slice(0, MOST_OF_ID)}' not found: it was not stored, or is kept no longer. Send the item itself.`
  return new GatewayError('invalid-request', text, { field: 'input' })
}
