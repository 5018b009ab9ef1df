import type { ReplyHead } from '../dialect.ts'

/** What a request asks of the form of its answer. */
export interface ChatWishes {
  /** `stream_options.include_usage`. */
  usageInStream: boolean
  toolForms: ToolForms
}

/** How the client declared its tools, where calls of them have to look alike. */
export interface ToolForms {
  /** Names of tools that take one free text instead of an object; declared to the model as an object with an `input`. */
  custom: ReadonlySet<string>
  /** OpenAI's `functions` of before there were tools. */
  legacy: boolean
}

export type ChatHead = ReplyHead & ChatWishes

/** All tools are declared in the usual way, with an object of JSON Schema. */
export const PLAIN_TOOLS: ToolForms = { custom: new Set(), legacy: false }
