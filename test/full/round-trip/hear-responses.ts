/** Answers of the Responses API. */
import { z } from 'zod'
import { unreachable } from '../../../src/conversation/unreachable.ts'
import { demandEqual } from './demand.ts'
import { dataOf, readObject, type Ear, type Heard, type HeardBlock } from './heard.ts'

const item = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('message'),
    id: z.string(),
    content: z.tuple([z.looseObject({ type: z.literal('output_text'), text: z.string() })]),
  }),
  z.looseObject({
    type: z.literal('reasoning'),
    id: z.string(),
    summary: z.array(z.looseObject({ type: z.literal('summary_text'), text: z.string() })),
  }),
  z.looseObject({
    type: z.literal('function_call'),
    id: z.string(),
    call_id: z.string(),
    name: z.string(),
    arguments: z.string(),
  }),
])
type Item = z.output<typeof item>

const whole = z.looseObject({ status: z.literal('completed'), output: z.array(item) })
const event = z.looseObject({
  type: z.string(),
  item_id: z.string().optional(),
  delta: z.string().optional(),
  item: z.unknown().optional(),
  response: z.unknown().optional(),
})

export const hearResponses: Ear = {
  hearWhole: (body) => hear(whole.parse(body).output),
  hearStream(text) {
    const deltas = new Map<string, string>()
    const items: Item[] = []
    const events = dataOf(text).map((data) => event.parse(data))
    for (const { type, item_id: id = '', delta = '', item: told } of events) {
      if (type.endsWith('.delta')) deltas.set(id, (deltas.get(id) ?? '') + delta)
      if (type === 'response.output_item.done') items.push(item.parse(told))
    }
    const last = events.at(-1)
    demandEqual('the last event', last?.type, 'response.completed')
    demandEqual('the items of the end', whole.parse(last?.response).output, items)
    for (const each of items) demandEqual(`deltas of ${each.id}`, deltas.get(each.id) ?? '', textOf(each))
    return hear(items)
  },
  told: (blocks) => [...blocks],
}

function textOf(read: Item): string {
  switch (read.type) {
    case 'message':
      return read.content[0].text
    case 'reasoning':
      return read.summary.map(({ text }) => text).join('')
    case 'function_call':
      return read.arguments
    default:
      return unreachable(read)
  }
}

function hear(items: Item[]): Heard {
  const blocks = items.map((each): HeardBlock => {
    if (each.type === 'message') return { kind: 'text', text: textOf(each) }
    if (each.type === 'reasoning') return { kind: 'thinking', text: textOf(each) }
    return { kind: 'call', id: each.call_id, name: each.name, input: readObject(each.arguments) }
  })
  return { blocks, wantsResults: blocks.some(({ kind }) => kind === 'call'), echo: items }
}
