/** Answers of the Messages API. */
import { z } from 'zod'
import { unreachable } from '../../../src/conversation/unreachable.ts'
import { dataOf, readObject, type Ear, type Heard, type HeardBlock } from './heard.ts'

const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({
    type: z.literal('tool_use'),
    id: z.string(),
    name: z.string(),
    input: z.record(z.string(), z.json()),
  }),
])
type Block = z.output<typeof block>

const whole = z.looseObject({ content: z.array(block), stop_reason: z.string() })
const event = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal(['message_start', 'ping', 'message_stop']) }),
  z.looseObject({ type: z.literal('content_block_start'), index: z.int(), content_block: block }),
  z.looseObject({
    type: z.literal('content_block_delta'),
    index: z.int(),
    delta: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('text_delta'), text: z.string() }),
      z.strictObject({ type: z.literal('thinking_delta'), thinking: z.string() }),
      z.strictObject({ type: z.literal('signature_delta'), signature: z.string() }),
      z.strictObject({ type: z.literal('input_json_delta'), partial_json: z.string() }),
    ]),
  }),
  z.looseObject({ type: z.literal('content_block_stop'), index: z.int() }),
  z.looseObject({ type: z.literal('message_delta'), delta: z.looseObject({ stop_reason: z.string() }) }),
])
type Delta = Extract<z.output<typeof event>, { type: 'content_block_delta' }>['delta']

export const hearAnthropic: Ear = {
  hearWhole(body) {
    const { content, stop_reason: reason } = whole.parse(body)
    return hear(content, reason)
  },
  hearStream(text) {
    const blocks: { block: Block; json: string }[] = []
    let reason = ''
    let last = ''
    for (const each of dataOf(text).map((data) => event.parse(data))) {
      last = each.type
      if (each.type === 'content_block_start') {
        if (each.index !== blocks.length)
          throw new Error(`Block ${each.index} comes as number ${blocks.length}.`)
        blocks.push({ block: each.content_block, json: '' })
      } else if (each.type === 'content_block_delta') {
        const open = blocks.at(-1)
        if (open === undefined || each.index !== blocks.length - 1)
          throw new Error('A delta of no open block.')
        addDelta(open, each.delta)
      } else if (each.type === 'message_delta') reason = each.delta.stop_reason
    }
    if (last !== 'message_stop') throw new Error(`The stream ends with ${last}.`)
    const content = blocks.map(({ block: read, json }) =>
      read.type === 'tool_use' ? { ...read, input: readObject(json) } : read,
    )
    return hear(content, reason)
  },
  told: (blocks) => [...blocks],
}

function addDelta(open: { block: Block; json: string }, delta: Delta): void {
  const read = open.block
  if (delta.type === 'text_delta' && read.type === 'text') read.text += delta.text
  else if (delta.type === 'thinking_delta' && read.type === 'thinking') read.thinking += delta.thinking
  else if (delta.type === 'signature_delta' && read.type === 'thinking') read.signature += delta.signature
  else if (delta.type === 'input_json_delta' && read.type === 'tool_use') open.json += delta.partial_json
  else throw new Error(`${delta.type} in a block of ${read.type}`)
}

function hear(content: Block[], reason: string): Heard {
  return {
    blocks: content.map(hearBlock),
    wantsResults: reason === 'tool_use',
    echo: [{ role: 'assistant', content }],
  }
}

function hearBlock(read: Block): HeardBlock {
  switch (read.type) {
    case 'thinking':
      return { kind: 'thinking', text: read.thinking }
    case 'text':
      return { kind: 'text', text: read.text }
    case 'tool_use':
      return { kind: 'call', id: read.id, name: read.name, input: read.input }
    default:
      return unreachable(read)
  }
}
