/** Requests to both APIs, and what a client makes of the answers, streamed or whole, in words that are the same for both. */
import { z } from 'zod'
import { policyOf, type FailureKind } from '../src/conversation/failures.ts'

export const ANTHROPIC = '/v1/messages'
export const OPENAI = '/v1/chat/completions'

/** Each API, streamed and not. */
export const forms = [OPENAI, ANTHROPIC].flatMap((path) => [true, false].map((stream) => ({ path, stream })))

/** A question to one of them, with one tool, `ls`. */
export function questionFor(path: string, stream: boolean, prompt = 'hi') {
  const schema = { type: 'object', properties: { path: { type: 'string' } } }
  const tool =
    path === ANTHROPIC
      ? { name: 'ls', input_schema: schema }
      : { type: 'function', function: { name: 'ls', parameters: schema } }
  return {
    model: 'claude-sonnet-4.5',
    // Higher than any answer of a test is long: none is to be cut here.
    max_tokens: 1_000_000_000,
    stream,
    tools: [tool],
    messages: [{ role: 'user', content: prompt }],
  }
}

/** Status, type and code of an error answer of this kind. */
export function errorOf(path: string, kind: FailureKind): { status: number; type: string; code?: string } {
  const { anthropic, openai } = policyOf(kind)
  return path === ANTHROPIC ? anthropic : openai
}

export interface ReadAnswer {
  status: number
  text: string
  thinking: string
  /** `name input` of each tool call. */
  calls: string[]
  /** The API's own word for why the answer ended; undefined when it did not end properly. */
  stop: string | undefined
  error: { type: string; message: string; code: string | undefined } | undefined
}

const text = z.string().nullish()
const openaiCall = z.looseObject({
  index: z.number().optional(),
  function: z.looseObject({ name: text, arguments: text }),
})
const openaiMessage = z.looseObject({
  content: text,
  reasoning_content: text,
  tool_calls: z.array(openaiCall).optional(),
})
const document = z.looseObject({
  error: z.looseObject({ type: z.string(), message: z.string(), code: text }).optional(),
  type: z.string().optional(),
  choices: z
    .array(
      z.looseObject({
        message: openaiMessage.optional(),
        delta: openaiMessage.optional(),
        finish_reason: text,
      }),
    )
    .optional(),
  content: z.array(z.record(z.string(), z.unknown())).optional(),
  content_block: z.looseObject({ type: z.string(), name: text }).optional(),
  delta: z.looseObject({ text, thinking: text, partial_json: text, stop_reason: text }).optional(),
  stop_reason: text,
})
type Document = z.output<typeof document>

/** A stream that did not come to its proper end has no `stop`, whatever it said of one before. */
export async function readAnswer(response: Response): Promise<ReadAnswer> {
  const body = await response.text()
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  const reading: ReadAnswer = {
    status: response.status,
    text: '',
    thinking: '',
    calls: [],
    stop: undefined,
    error: undefined,
  }
  for (const json of isStream ? documentsOf(body) : [body]) note(document.parse(JSON.parse(json)), reading)
  const isEnded = !isStream || body.includes('\ndata: [DONE]\n') || body.includes('\nevent: message_stop\n')
  return isEnded ? reading : { ...reading, stop: undefined }
}

function documentsOf(stream: string): string[] {
  return stream.split('\n').flatMap((line) => (line.startsWith('data: {') ? [line.slice(6)] : []))
}

function note(read: Document, reading: ReadAnswer): void {
  if (read.error !== undefined) {
    const { type, message, code } = read.error
    reading.error = { type, message, code: code ?? undefined }
  }
  for (const choice of read.choices ?? []) noteChoice(choice, reading)
  for (const block of read.content ?? []) {
    if (block['type'] === 'text') reading.text += String(block['text'])
    if (block['type'] === 'thinking') reading.thinking += String(block['thinking'])
    if (block['type'] === 'tool_use')
      reading.calls.push(`${String(block['name'])} ${JSON.stringify(block['input'])}`)
  }
  if (read.content_block?.type === 'tool_use') reading.calls.push(`${read.content_block.name} `)
  const { delta } = read
  reading.text += delta?.text ?? ''
  reading.thinking += delta?.thinking ?? ''
  addToLastCall(reading, delta?.partial_json ?? '')
  reading.stop = delta?.stop_reason ?? read.stop_reason ?? reading.stop
}

function noteChoice(choice: NonNullable<Document['choices']>[number], reading: ReadAnswer): void {
  const said = choice.message ?? choice.delta
  reading.text += said?.content ?? ''
  reading.thinking += said?.reasoning_content ?? ''
  for (const { function: called } of said?.tool_calls ?? []) {
    if (called.name != null) reading.calls.push(`${called.name} `)
    addToLastCall(reading, called.arguments ?? '')
  }
  reading.stop = choice.finish_reason ?? reading.stop
}

/** Blocks and calls never interleave in our answers. */
function addToLastCall(reading: ReadAnswer, input: string): void {
  const last = reading.calls.pop()
  if (last !== undefined) reading.calls.push(last + input)
}
