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
