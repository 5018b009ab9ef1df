/** What was said so far, in no dialect yet. */
import type { AnswerFacts } from '../answer/answer-facts.ts'
import type { Answer } from '../answer/answer.ts'
import type { DialectName } from '../dialects.ts'
import type { JsonObject } from '../json.ts'

export interface Picture {
  name: string
  mediaType: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'
  base64: string
  width: number
  height: number
  bytes: number
}

export interface CallResult {
  callId: string
  text: string
  isError: boolean
}

export type Turn =
  | { role: 'user'; text: string; pictures: readonly Picture[] }
  | { role: 'assistant'; answer: Answer; facts: AnswerFacts }
  | { role: 'results'; results: readonly CallResult[] }
  /** A whole request as somebody wrote it, or as it was captured. */
  | { role: 'raw'; dialect: DialectName; body: JsonObject }

export interface ToolDeclaration {
  name: string
  description: string
  /** JSON Schema. */
  parameters: JsonObject
}

export interface Wishes {
  dialect: DialectName
  model: string
  system: string
  temperature: number | undefined
  maxTokens: number | undefined
  thinking: 'default' | 'off' | 'on'
  /** Empty: the model's own choice. */
  effort: string
  budgetTokens: number | undefined
  stream: boolean
  tools: readonly ToolDeclaration[]
}

export const NO_WISHES: Wishes = {
  dialect: 'openai-chat',
  model: '',
  system: '',
  temperature: undefined,
  maxTokens: undefined,
  thinking: 'default',
  effort: '',
  budgetTokens: undefined,
  stream: true,
  tools: [],
}
