import type { JsonObject } from '../conversation/conversation.ts'
import type { ItemIds } from './kept-answer-store.ts'

/** An answer that its client wants kept, with what its request said itself. */
export interface KeptAnswer {
  id: string
  /** The answer that it goes on from. */
  parentId: string | undefined
  input: JsonObject[]
  answer: JsonObject
}

export interface FreshAnswer extends KeptAnswer {
  /** Nobody else finds it. */
  owner: string
  itemIds: ItemIds
}

/** What an answer was told, or the answer itself. */
export type KeptPart = { part: 'input'; items: JsonObject[] } | { part: 'answer'; answer: JsonObject }
