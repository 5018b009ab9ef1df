import type { Citation } from './citation.ts'
import type { AssistantPart } from './conversation.ts'
import { unreachable } from './unreachable.ts'
import type { SearchOutcome, WebSearchPart } from './web-search.ts'

export type BlockHead =
  | { kind: 'text' }
  | { kind: 'thinking' }
  | { kind: 'redacted-thinking'; data: string }
  | { kind: 'tool-use'; id: string; name: string }
  /** Run by the gateway, so that models never write one. It has no deltas; its outcome comes with its end. */
  | { kind: 'web-search'; id: string; query: string }

export type StopReason =
  | 'end-turn'
  | 'tool-use'
  | 'max-tokens'
  | 'stop-sequence'
  | 'refusal'
  | 'context-window-exceeded'
  | 'pause-turn'

/** Where the numbers come from: told by the service, derived from its context percentage, or counted by us. */
export type UsageSource = 'upstream' | 'context-percent' | 'estimated'

/** Tokens. `inputTokens` excludes what was read from or written to a cache. */
export interface Usage {
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number
  cacheWriteTokens: number
  credits?: number
  source: UsageSource
}

export interface Refusal {
  category?: string
  explanation?: string
}

/**
 * The neutral answer as a stream:
 * `reply-start (block-start block-delta* block-end)* reply-end`. Blocks never interleave and are not numbered.
 * Errors are thrown, never events. The deltas of a tool use concatenate to the JSON text of an object.
 * Citations come with the end of the text that they are for; those that no text is there for, with the end of the reply.
 */
export type ReplyEvent =
  | { type: 'reply-start' }
  | { type: 'block-start'; block: BlockHead }
  | { type: 'block-delta'; text: string }
  | { type: 'block-end'; signature?: string; citations?: Citation[]; outcome?: SearchOutcome }
  | {
      type: 'reply-end'
      stopReason: StopReason
      usage: Usage
      stopSequence?: string
      refusal?: Refusal
      citations?: Citation[]
    }

export type ReplyPart = AssistantPart | WebSearchPart

/** The neutral answer, collected. */
export interface Reply {
  parts: ReplyPart[]
  stopReason: StopReason
  usage: Usage
  stopSequence?: string
  refusal?: Refusal
  /** Those that no text is there for; the others are with their text. */
  citations?: Citation[]
}

const TELLING_HEADS: ReadonlySet<BlockHead['kind']> = new Set(['tool-use', 'redacted-thinking', 'web-search'])

/** Whether an event says something to the client. Ids, usage and empty deltas do not; redacted thinking does. */
export function isContent(event: ReplyEvent): boolean {
  switch (event.type) {
    case 'reply-start':
    case 'block-end':
      return false
    case 'block-start':
      return TELLING_HEADS.has(event.block.kind)
    case 'block-delta':
      return event.text !== ''
    case 'reply-end':
      return true
    default:
      return unreachable(event)
  }
}
