/** What a client makes of an answer of any of the three APIs, in words that are the same for all. Throws for what is malformed. */
import { z } from 'zod'
import { readAnswer } from '../../../read-answer.ts'
import { followItems, readEvents } from '../../../response-stream.ts'
import type { Api } from './request-body.ts'

export interface Heard {
  status: number
  text: string
  hasThought: boolean
  /** `name input` of each tool call, the input as JSON without blanks. */
  calls: readonly string[]
  /** It came to its proper end. */
  isComplete: boolean
  /** By the API's own members. */
  error: { type: string; message: string } | undefined
  /** Of a response. */
  id?: string
}

const words = z.string().min(1)
const failure = z.looseObject({ code: z.string().nullish(), type: z.string().nullish(), message: words })
const item = z.looseObject({
  type: z.string(),
  content: z.array(z.looseObject({ text: z.string().optional() })).nullish(),
  name: z.string().optional(),
  arguments: z.string().optional(),
})
const response = z.looseObject({
  id: z.string(),
  status: z.string(),
  error: failure.nullable(),
  output: z.array(item),
})
const refusal = z.looseObject({ error: failure })
const ending = z.looseObject({ type: z.string(), response })

export async function hearAnswer(api: Api, answer: Response): Promise<Heard> {
  if (api === 'responses') return hearResponse(answer)
  const { status, text, thinking, calls, stop, error } = await readAnswer(answer)
  return {
    status,
    text,
    hasThought: thinking !== '',
    calls: calls.map(tidyCall),
    isComplete: status === 200 && stop !== undefined,
    error: error && { type: words.parse(error.type), message: words.parse(error.message) },
  }
}

async function hearResponse(answer: Response): Promise<Heard> {
  const { status } = answer
  const body = await answer.text()
  if (status !== 200) {
    const { error } = refusal.parse(JSON.parse(body))
    const told = { type: words.parse(error.code ?? error.type), message: error.message }
    return { status, text: '', hasThought: false, calls: [], isComplete: false, error: told }
  }
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true
  return isStream ? hearStream(body) : hearDocument(response.parse(JSON.parse(body)))
}

function hearStream(body: string): Heard {
  const events = readEvents(body)
  const last = ending.parse(events.at(-1))
  const { items, faults } = followItems(events)
  if (last.type !== `response.${last.response.status}`) throw new Error(`the stream ends with ${last.type}`)
  if (last.type === 'response.completed' && faults.length > 0) throw new Error(faults.join('; '))
  return { ...hearDocument(last.response), ...sayOf(z.array(item).parse(items)) }
}

function hearDocument({ id, status, error, output }: z.output<typeof response>): Heard {
  return {
    id,
    status: 200,
    ...sayOf(output),
    isComplete: status === 'completed',
    error: error === null ? undefined : { type: words.parse(error.code), message: error.message },
  }
}

function sayOf(output: readonly z.output<typeof item>[]): Pick<Heard, 'text' | 'hasThought' | 'calls'> {
  const said = output.filter(({ type }) => type === 'message')
  const called = output.filter(({ type }) => type === 'function_call')
  return {
    text: said.flatMap(({ content }) => (content ?? []).map(({ text = '' }) => text)).join(''),
    hasThought: output.some(({ type }) => type === 'reasoning'),
    calls: called.map(({ name = '', arguments: input = '' }) => tidyCall(`${name} ${input}`)),
  }
}

function tidyCall(call: string): string {
  const space = call.indexOf(' ')
  return `${call.slice(0, space)} ${JSON.stringify(JSON.parse(call.slice(space + 1)))}`
}
