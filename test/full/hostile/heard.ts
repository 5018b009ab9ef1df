/** What a client of any of the three APIs makes of an answer, in words that are the same for all of them. */
import { z } from 'zod'
import type { FailureKind } from '../../../src/conversation/failures.ts'
import { ANTHROPIC, OPENAI, errorOf, questionFor } from '../../read-answer.ts'

const RESPONSES = '/v1/responses'
const paths = [OPENAI, ANTHROPIC, RESPONSES] as const

export interface Form {
  path: string
  stream: boolean
}

/** Each API, streamed and not. */
export const everyForm: readonly Form[] = paths.flatMap((path) =>
  [true, false].map((stream) => ({ path, stream })),
)

/** A question with one tool, `ls`. */
export function askFor({ path, stream }: Form, prompt: string): object {
  if (path !== RESPONSES) return questionFor(path, stream, prompt)
  const parameters = { type: 'object', properties: { path: { type: 'string' } } }
  const tool = { type: 'function', name: 'ls', parameters, strict: false }
  return { model: 'claude-sonnet-4.5', input: prompt, stream, store: false, tools: [tool] }
}

export interface Heard {
  status: number
  text: string
  /** The inputs of its tool calls, as far as they came. */
  calls: string[]
  /** How many calls it says are whole; of a chat completion it says that of all, in its end. */
  wholeCalls: number
  /** The API's own words of a proper end. Undefined: there is none. */
  end: string | undefined
  /** What was done about failures, as its head says. */
  repairs: string
  /** Type or code, and message. */
  error: { type: string; message: string } | undefined
}

const text = z.string().nullish()
const error = z.looseObject({ type: text, code: text, message: z.string().min(1) })
const openaiCall = z.looseObject({ function: z.looseObject({ name: text, arguments: text }) })
const message = z.looseObject({ content: text, tool_calls: z.array(openaiCall).nullish() })
const item = z.looseObject({
  type: z.string(),
  status: text,
  arguments: text,
  content: z.array(z.looseObject({ type: z.string(), text })).nullish(),
})
const response = z.looseObject({
  status: z.string(),
  error: error.nullish(),
  output: z.array(item).nullish(),
})
/** Whatever any of the APIs sends as a document of its own or as one of a stream. */
const document = z.looseObject({
  type: text,
  error: error.nullish(),
  // Chat completions
  choices: z
    .array(z.looseObject({ message: message.nullish(), delta: message.nullish(), finish_reason: text }))
    .nullish(),
  // Messages
  content: z.array(z.looseObject({ type: z.string(), text, input: z.unknown().optional() })).nullish(),
  content_block: z.looseObject({ type: z.string() }).nullish(),
  delta: z.union([z.string(), z.looseObject({ text, partial_json: text, stop_reason: text })]).nullish(),
  stop_reason: text,
  // Responses
  response: response.nullish(),
  item: item.nullish(),
  status: text,
  output: z.array(item).nullish(),
})
type Document = z.output<typeof document>

/** Throws at what none of the APIs would send. */
export async function hear(path: string, answer: Response): Promise<Heard> {
  const body = await answer.text()
  const heard = hearText(path, { status: answer.status, isStream: isStream(answer.headers), body })
  return { ...heard, repairs: answer.headers.get('x-aqueduct-repaired') ?? '' }
}

function isStream(headers: Headers): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') === true
}

export function hearText(
  path: string,
  { status, isStream: streamed, body }: { status: number; isStream: boolean; body: string },
): Heard {
  const heard: Heard = {
    status,
    text: '',
    calls: [],
    wholeCalls: 0,
    end: undefined,
    repairs: '',
    error: undefined,
  }
  if (!streamed && status === 200 && body === '') throw new Error('An answer of status 200 is empty.')
  const listen = listeners.get(path) ?? hearChat
  const documents = (streamed ? documentsOf(body) : [body]).map((json) => document.parse(JSON.parse(json)))
  for (const read of documents) listen(read, heard, streamed)
  if (!streamed) return heard
  if (path === RESPONSES && heard.error !== undefined && documents.at(-1)?.type !== 'response.failed') {
    throw new Error('A stream that tells an error does not end with the state of its response.')
  }
  const isOver = path === OPENAI ? body.includes('\ndata: [DONE]\n') : heard.end !== undefined
  return isOver ? heard : { ...heard, end: undefined }
}

function documentsOf(stream: string): string[] {
  return stream.split('\n').flatMap((line) => (line.startsWith('data: {') ? [line.slice(6)] : []))
}

function noteError(told: z.output<typeof error> | null | undefined, heard: Heard): void {
  if (told == null) return
  heard.error = { type: told.type ?? told.code ?? '', message: told.message }
}

function addToCall(heard: Heard, input: string): void {
  heard.calls.push((heard.calls.pop() ?? '') + input)
}

function hearChat(read: Document, heard: Heard): void {
  noteError(read.error, heard)
  for (const choice of read.choices ?? []) {
    const said = choice.message ?? choice.delta
    heard.text += said?.content ?? ''
    for (const { function: called } of said?.tool_calls ?? []) {
      if (called.name != null) heard.calls.push('')
      addToCall(heard, called.arguments ?? '')
    }
    if (choice.finish_reason == null) continue
    heard.end = choice.finish_reason
    heard.wholeCalls = heard.calls.length
  }
}

function hearMessages(read: Document, heard: Heard, streamed: boolean): void {
  noteError(read.error, heard)
  for (const block of read.content ?? []) {
    if (block.type === 'text') heard.text += block.text ?? ''
    if (block.type !== 'tool_use') continue
    heard.calls.push(JSON.stringify(block.input))
    heard.wholeCalls += 1
  }
  if (read.content_block?.type === 'tool_use') heard.calls.push('')
  const delta = typeof read.delta === 'object' ? read.delta : undefined
  heard.text += delta?.text ?? ''
  if (delta?.partial_json != null) addToCall(heard, delta.partial_json)
  // Blocks never interleave in our answers, and a call's input is an object.
  if (read.type === 'content_block_stop' && heard.calls.length > heard.wholeCalls) heard.wholeCalls += 1
  if (!streamed) heard.end = read.stop_reason ?? undefined
  else if (read.type === 'message_stop') heard.end = read.type
}

function hearResponses(read: Document, heard: Heard, streamed: boolean): void {
  noteError(read.error, heard)
  if (!streamed) return hearWhole(read, heard)
  if (read.type === 'response.failed' && read.response?.error?.message !== heard.error?.message) {
    throw new Error('The state of a response that failed does not say what its error says.')
  }
  const delta = typeof read.delta === 'string' ? read.delta : ''
  if (read.type === 'response.output_text.delta') heard.text += delta
  if (read.type === 'response.function_call_arguments.delta') addToCall(heard, delta)
  if (read.type === 'response.output_item.added' && read.item?.type === 'function_call') heard.calls.push('')
  const isDone = read.type === 'response.output_item.done' && read.item?.type === 'function_call'
  if (isDone && read.item?.status === 'completed') heard.wholeCalls += 1
  if (read.type === 'response.completed' || read.type === 'response.incomplete') {
    heard.end = read.response?.status
  }
}

function hearWhole({ output, status }: Document, heard: Heard): void {
  for (const { type, arguments: input, content } of output ?? []) {
    if (type === 'message') heard.text += (content ?? []).map((part) => part.text ?? '').join('')
    if (type !== 'function_call') continue
    heard.calls.push(input ?? '')
    heard.wholeCalls += 1
  }
  heard.end = status ?? undefined
}

const listeners: ReadonlyMap<string, (read: Document, heard: Heard, streamed: boolean) => void> = new Map([
  [OPENAI, hearChat],
  [ANTHROPIC, hearMessages],
  [RESPONSES, hearResponses],
])

/** Whether it is an error of this kind, as the API tells it: by its status, or in the stream. */
export function tellsOf({ path, stream }: Form, { status, error: told }: Heard, kind: FailureKind): boolean {
  if (told === undefined) return false
  const expected = errorOf(path, kind)
  return told.type === expected.type && (status === expected.status || (stream && status === 200))
}
