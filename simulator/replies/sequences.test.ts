import { EventStreamCodec } from '@smithy/eventstream-codec'
import { describe, expect, it } from 'vitest'
import { brokenStreams } from './broken-streams.ts'
import { answerFor } from './behaviour.ts'
import { sequences } from './sequences.ts'
import { encodeStep, type Step } from './steps.ts'

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
)

function contextOf() {
  let made = 0
  return {
    modelId: 'claude-sonnet-4.5',
    sign: () => 'signature',
    redact: () => 'cmVkYWN0ZWQ=',
    toolUseId: () => {
      made += 1
      return `tooluse_${made}`
    },
  }
}

function decodeAll(steps: Step[]) {
  return steps.flatMap((step) => {
    const frame = encodeStep(step)
    if (frame === undefined) return []
    const { headers, body } = codec.decode(frame)
    const type = headers[':event-type'] ?? headers[':exception-type'] ?? headers[':error-code']
    const payload: unknown = body.length === 0 ? undefined : JSON.parse(Buffer.from(body).toString())
    return [{ type: type?.value, payload }]
  })
}

describe('event sequences', () => {
  it.each(Object.entries(sequences))('%s decodes', (_name, sequence) => {
    const steps: Step[] = sequence(contextOf())
    const sent = steps.filter(({ step }) => step === 'event' || step === 'exception')
    expect(decodeAll(steps)).toHaveLength(sent.length)
  })

  it.each([
    { name: 'one-tool', inputs: ['{"path": "."}'] },
    { name: 'two-tools', inputs: ['{"path": "a"}', '{"path": "b"}'] },
    { name: 'two-tools-interleaved', inputs: ['{"path": "a"}', '{"path": "b"}'] },
    { name: 'empty-tool-input', inputs: [''] },
    { name: 'truncated-tool', inputs: ['{"path": "/ho'] },
  ] as const)('$name carries its inputs whole', ({ name, inputs }) => {
    const found = new Map<string, string>()
    for (const step of sequences[name](contextOf())) {
      if (step.step !== 'event' || step.eventType !== 'toolUseEvent') continue
      const { toolUseId = '', input = '' }: { toolUseId?: string; input?: string } = Object(step.payload)
      found.set(toolUseId, (found.get(toolUseId) ?? '') + input)
    }
    expect([...found.values()]).toEqual(inputs)
  })
})

describe('broken streams', () => {
  it.each(['bad-prelude-crc', 'bad-message-crc', 'unknown-header-type', 'undersized-frame'] as const)(
    '%s cannot be decoded',
    (name) => {
      expect(() => decodeAll(brokenStreams[name]())).toThrow(/./)
    },
  )

  it.each(['mid-frame-end', 'mid-frame-cut'] as const)('%s ends inside a frame', (name) => {
    const steps: Step[] = brokenStreams[name]()
    const frames = steps.flatMap((step) => encodeStep(step) ?? [])
    const last = frames.at(-1)
    expect(last?.readUInt32BE(0)).toBeGreaterThan(last?.length ?? 0)
  })

  it.each(['every-header-type', 'unknown-event', 'unmodelled-error'] as const)(
    '%s is well framed',
    (name) => {
      expect(decodeAll(brokenStreams[name]()).length).toBeGreaterThan(1)
    },
  )

  it('announces a frame of more than 16 MiB', () => {
    const [, large] = brokenStreams['oversized-frame']().map(encodeStep)
    expect(large?.readUInt32BE(0)).toBeGreaterThan(16 * 1024 * 1024)
  })
})

describe('answers by behaviour', () => {
  it('cuts text between characters, never inside one', () => {
    const text = '👋'.repeat(100)
    const answer = answerFor({ kind: 'text', text }, contextOf())
    const events = answer.kind === 'stream' ? decodeAll(answer.steps) : []
    const contents = events.flatMap(({ type, payload }) =>
      type === 'assistantResponseEvent' ? [String(Object(payload).content)] : [],
    )
    expect(contents.length).toBeGreaterThan(1)
    expect(contents.join('')).toBe(text)
    expect(contents.every((content) => content.isWellFormed())).toBe(true)
  })
})
