/** Streams of the Responses API: a head to write them with, and their events as a client reads them. */
import { z } from 'zod'
import type { AnswerHead } from '../src/dialects/openai-responses/answer-wishes.ts'

export const plainHead: AnswerHead = {
  id: 'abc',
  requestId: 'req_1',
  model: 'Claude-Sonnet-4.5',
  createdAt: new Date(1_790_000_000_999),
  inputTokens: 99,
  tools: new Map(),
  echo: { instructions: null, tools: [], metadata: {} },
  sealedReasoning: false,
  isCodex: false,
}

/** Tools of every kind, by names that the model is told. */
export const toolsOfAllKinds: AnswerHead['tools'] = new Map([
  ['Bash', { kind: 'custom', name: 'apply_patch' }],
  ['mcp__server__tool', { kind: 'function', name: 'tool', namespace: 'mcp__server' }],
  ['run_locally', { kind: 'local-shell' }],
  ['read_file', { kind: 'shell' }],
  ['patch', { kind: 'apply-patch' }],
])

const eventData = z.looseObject({ type: z.string(), sequence_number: z.int() })
export type ReadEvent = z.output<typeof eventData>

const frame = /^event: ([\w.]+)\ndata: (\{.*\})$/

/** Throws for a stream that is not all named events, each named as its data and numbered in order. */
export function readEvents(stream: string): ReadEvent[] {
  const frames = stream.split('\n\n')
  if (frames.pop() !== '') throw new Error('The last event has no end.')
  return frames
    .filter((text) => !text.startsWith(':'))
    .map((text, index) => {
      const [, name, json = ''] = frame.exec(text) ?? []
      const data = eventData.parse(JSON.parse(json))
      if (data.type !== name) throw new Error(`${data.type} is named ${name}.`)
      if (data.sequence_number !== index) throw new Error(`${text} is number ${index}.`)
      return data
    })
}

/** The items that are done, and what is wrong with how the events tell of them: each in its place, from its begin to its end. */
export function followItems(events: readonly ReadEvent[]): { items: unknown[]; faults: string[] } {
  const items: unknown[] = []
  const faults: string[] = []
  let openItem: unknown
  let hasOpenPart = false
  for (const event of events) {
    const { type, output_index: outputIndex, item, item_id: itemId } = event
    if (outputIndex === undefined) continue
    const demand = (holds: boolean, what: string) => {
      if (!holds) faults.push(`${event.sequence_number} ${type}: ${what}`)
    }
    demand(outputIndex === items.length, 'the place of another item')
    if (type === 'response.output_item.added') {
      demand(openItem === undefined, 'the item before has no end')
      openItem = Object(item).id
    }
    demand(openItem !== undefined && (itemId ?? Object(item).id) === openItem, 'the id of another item')
    const partIndex = event['content_index'] ?? event['summary_index']
    if (type.endsWith('part.added')) {
      demand(!hasOpenPart, 'the part before has no end')
      hasOpenPart = true
    }
    if (partIndex !== undefined) demand(hasOpenPart && partIndex === 0, 'no such part')
    if (type.endsWith('part.done')) hasOpenPart = false
    if (type === 'response.output_item.done') {
      demand(!hasOpenPart, 'its part has no end')
      items.push(item)
      openItem = undefined
    }
  }
  if (openItem !== undefined) faults.push('The last item has no end.')
  return { items, faults }
}
