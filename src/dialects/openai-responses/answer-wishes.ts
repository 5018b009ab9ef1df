import type { JsonObject } from '../../conversation/conversation.ts'
import type { ReplyHead } from '../dialect.ts'

/** What a request asks of the form of its answer. */
export interface AnswerWishes {
  /** How the client knows its tools, by the names that the model is told. One that is missing is a function of that name. */
  tools: ReadonlyMap<string, ClientTool>
  /** Members of the response object that repeat the request. */
  echo: JsonObject
  /** `include: ["reasoning.encrypted_content"]`: the client carries the proof of thinking itself. */
  sealedReasoning: boolean
  /** The answer is a summary that stands for the conversation so far: as an item of a response, or as a document of its own. */
  compaction?: 'item' | 'document'
  /** Codex tries again by its own rules, so failures are told its way. */
  isCodex: boolean
}

/**
 * A tool as the client declared it, where calls of it have to look alike. The model's input is for a `function` its
 * arguments, for `custom` `{ input }`, for the shells the `action` of the call and for `apply-patch` its `operation`.
 */
export type ClientTool =
  | { kind: 'function' | 'custom'; name: string; namespace?: string }
  | { kind: 'local-shell' | 'shell' | 'apply-patch' }
  /** Run by the gateway: no call of it comes to be written. */
  | { kind: 'web-search' }

export type AnswerHead = ReplyHead & AnswerWishes
