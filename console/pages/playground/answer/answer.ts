/** An answer of a model, in whichever dialect it came: what the page shows and what the next request says again. */
import type { Json, JsonObject } from '../json.ts'

export type AnswerPart =
  | { kind: 'text'; key: string; text: string }
  | { kind: 'thinking'; key: string; text: string; proof?: Proof }
  | { kind: 'call'; key: string; id: string; name: string; input: string }
  /** Something of the dialect that the page has no picture of. */
  | { kind: 'other'; key: string; type: string; value: Json }

/** By which the service knows its own thinking again; of use in the dialect that it came in alone. */
export type Proof =
  | { dialect: 'anthropic-messages'; block: JsonObject }
  | { dialect: 'openai-responses'; item: JsonObject }

export type CallPart = Extract<AnswerPart, { kind: 'call' }>

export interface AnswerUsage {
  /** With what was cached. */
  inputTokens: number
  outputTokens: number
  cachedTokens: number
}

export interface Answer {
  parts: readonly AnswerPart[]
  /** As the dialect calls it. */
  stopReason: string | undefined
  usage: AnswerUsage | undefined
  /** The stream told of a failure. */
  error: string | undefined
}

export const NO_ANSWER: Answer = { parts: [], stopReason: undefined, usage: undefined, error: undefined }

/** With the part of this key changed, or with a new one at the end. */
export function withPart<K extends AnswerPart['kind']>(
  answer: Answer,
  fresh: Extract<AnswerPart, { kind: K }>,
  change: (part: Extract<AnswerPart, { kind: K }>) => AnswerPart,
): Answer {
  const isIt = (part: AnswerPart): part is Extract<AnswerPart, { kind: K }> =>
    part.key === fresh.key && part.kind === fresh.kind
  const at = answer.parts.findLastIndex(isIt)
  const part = answer.parts[at]
  if (part === undefined || !isIt(part)) return { ...answer, parts: [...answer.parts, change(fresh)] }
  return { ...answer, parts: answer.parts.with(at, change(part)) }
}

export function addText(answer: Answer, key: string, text: string): Answer {
  return withPart(answer, { kind: 'text', key, text: '' }, (part) => ({ ...part, text: part.text + text }))
}

export function addThinking(answer: Answer, key: string, text: string): Answer {
  return withPart(answer, { kind: 'thinking', key, text: '' }, (part) => ({
    ...part,
    text: part.text + text,
  }))
}

/** Whether anything has come that a person sees. */
export function hasContent({ parts }: Answer): boolean {
  return parts.some((part) => part.kind === 'call' || part.kind === 'other' || part.text !== '')
}

export function callsOf({ parts }: Answer): CallPart[] {
  return parts.filter((part) => part.kind === 'call')
}

export function textOf({ parts }: Answer): string {
  return parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n\n')
}
