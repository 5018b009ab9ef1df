/** Answers of the Chat Completions API. */
import { z } from 'zod'
import { dataOf, readObject, type Ear, type Heard, type HeardBlock } from './heard.ts'

const call = z.looseObject({
  id: z.string(),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
})
type Call = z.output<typeof call>

const message = z.looseObject({
  role: z.literal('assistant'),
  content: z.string().nullable(),
  reasoning_content: z.string().optional(),
  tool_calls: z.array(call).optional(),
})
type Message = z.output<typeof message>

const whole = z.looseObject({
  choices: z.tuple([z.looseObject({ message, finish_reason: z.string() })]),
})
const chunk = z.looseObject({
  choices: z.tuple([
    z.looseObject({
      delta: z.looseObject({
        content: z.string().optional(),
        reasoning_content: z.string().optional(),
        tool_calls: z
          .array(
            z.looseObject({
              index: z.int(),
              id: z.string().optional(),
              function: z.looseObject({ name: z.string().optional(), arguments: z.string() }),
            }),
          )
          .optional(),
      }),
      finish_reason: z.string().nullable(),
    }),
  ]),
})
type Delta = z.output<typeof chunk>['choices'][0]['delta']

export const hearChat: Ear = {
  hearWhole(body) {
    const [choice] = whole.parse(body).choices
    return hear(choice.message, choice.finish_reason)
  },
  hearStream(text) {
    if (!text.endsWith('\n\ndata: [DONE]\n\n')) throw new Error('The stream has no end.')
    const read: Message = { role: 'assistant', content: null }
    const calls: Call[] = []
    let reason = ''
    for (const data of dataOf(text)) {
      const [{ delta, finish_reason: told }] = chunk.parse(data).choices
      if (delta.content !== undefined) read.content = (read.content ?? '') + delta.content
      if (delta.reasoning_content !== undefined) {
        read.reasoning_content = (read.reasoning_content ?? '') + delta.reasoning_content
      }
      addCalls(calls, delta)
      reason = told ?? reason
    }
    return hear({ ...read, ...(calls.length > 0 && { tool_calls: calls }) }, reason)
  },
  told(blocks) {
    const text = blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('')
    return [
      ...blocks.filter(({ kind }) => kind === 'thinking'),
      ...(text === '' ? [] : [{ kind: 'text', text } as const]),
      ...blocks.filter(({ kind }) => kind === 'call'),
    ]
  },
}

function addCalls(calls: Call[], { tool_calls: told = [] }: Delta): void {
  for (const { index, id, function: called } of told) {
    const open = calls[index]
    if (open !== undefined) open.function.arguments += called.arguments
    else if (index !== calls.length || id === undefined) throw new Error(`Call ${index} has no beginning.`)
    else {
      const { name = '', arguments: input } = called
      calls.push({ id, type: 'function', function: { name, arguments: input } })
    }
  }
}

function hear(read: Message, reason: string): Heard {
  const thought = read.reasoning_content
  const said = read.content ?? ''
  const blocks: HeardBlock[] = []
  if (thought !== undefined) blocks.push({ kind: 'thinking', text: thought })
  if (said !== '') blocks.push({ kind: 'text', text: said })
  for (const { id, function: called } of read.tool_calls ?? []) {
    blocks.push({ kind: 'call', id, name: called.name, input: readObject(called.arguments) })
  }
  return { blocks, wantsResults: reason === 'tool_calls', echo: [read] }
}
