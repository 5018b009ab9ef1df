/** What a request points to, put in its place. */
import type { JsonObject } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import type { AnswerMemory } from '../dialects/dialect.ts'
import type { KeptAnswer, KeptPart } from './kept-answer.ts'
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
  refuseRepeated(itemIds, idsOf(earlier))
  const itemsIn = (parts: readonly KeptPart[]) =>
    byId(parts.flatMap((each) => (each.part === 'input' ? each.items : memory.outputOf(each.answer))))
  const unknownIn = (items: ReadonlyMap<string, JsonObject>) => itemIds.find((id) => !items.has(id))
  const isWhole = (parts: readonly KeptPart[]) => unknownIn(itemsIn(parts)) === undefined
  const items = itemsIn(itemIds.length === 0 ? [] : await kept.findByItems(itemIds, owner, isWhole))
  const unknown = unknownIn(items)
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

/** What is said already is not said twice; and a large item, pointed to again and again, would be a conversation without end. */
function refuseRepeated(itemIds: readonly string[], earlier: readonly string[]): void {
  const said = new Set(earlier)
  for (const id of itemIds) {
    if (said.has(id)) throw repeatedItem(id)
    said.add(id)
  }
}

function repeatedItem(id: string): GatewayError {
  const text = `Duplicate item found with id '${id.slice(0, MOST_OF_ID)}': the conversation has it already. Leave it out of \`input\`.`
  return new GatewayError('invalid-request', text, { field: 'input' })
}

function noSuchItem(id: string): GatewayError {
  const text = `Item with id '${id.slice(0, MOST_OF_ID)}' not found: it was not stored, or is kept no longer. Send the item itself.`
  return new GatewayError('invalid-request', text, { field: 'input' })
}
