import type { JsonObject } from '../conversation/conversation.ts'

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
  /** Of what it says and was told. */
  itemIds: readonly string[]
}
