import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../conversation/failures.ts'
import type { ReplyEvent } from '../../conversation/reply.ts'
import { createReplyDecoder } from './decode-reply.ts'
import type { Frame } from './event-stream.ts'
import { createToolNames } from './tool-names.ts'

type Sent = [name: string, payload: unknown]

const answer = (content: string): Sent => ['assistantResponseEvent', { content }]
const toolUse = (toolUseId: string, rest: object = {}): Sent => [
  'toolUseEvent',
  { toolUseId, name: 'ls', ...rest },
]
const told = (metadata: object): Sent => ['metadataEvent', metadata]
const trailer: Sent[] = [
  ['contextUsageEvent', { contextUsagePercentage: 1.9 }],
  ['meteringEvent', { usage: 0.03, unit: 'credit', unitPlural: 'credits' }],
]

function frameOf([name, payload]: Sent): Frame {
  return { messageType: 'event', name, payload: Buffer.from(JSON.stringify(payload)) }
}

function createDecoder() {
  return createReplyDecoder({ estimatedInputTokens: 7, toolNames: createToolNames(['LS'], []) })
}

/** All events of an answer, and the failure that ended it. */
function decode(frames: Frame[]): { events: ReplyEvent[]; failure?: GatewayError } {
  const events: ReplyEvent[] = []
  const decoder = createDecoder()
  try {
    for (const frame of frames) decoder.push(frame, (event) => events.push(event))
    decoder.end((event) => events.push(event))
    return { events }
  } catch (error) {
    if (error instanceof GatewayError) return { events, failure: error }
    throw error
  }
}

/** One line an event: `+text`, `=delta`, `-`, `end reason`. */
function outline(events: ReplyEvent[]): string[] {
  return events.map((event) => {
    switch (event.type) {
      case 'reply-start':
        return 'start'
      case 'block-start':
        return event.block.kind === 'tool-use'
          ? `+${event.block.name} ${event.block.id}`
          : `+${event.block.kind}`
      case 'block-delta':
        return `=${event.text}`
      case 'block-end':
        return '-'
      case 'reply-end':
        return `end ${event.stopReason}`
      default:
        throw new Error('unexpected event')
    }
  })
}

function outlineOf(sent: Sent[]): string[] {
  const { events, failure } = decode(sent.map(frameOf))
  return failure === undefined ? outline(events) : [...outline(events), `! ${failure.failure.kind}`]
}

describe('createReplyDecoder', () => {
  it.each<[string, Sent[], string[]]>([
    [
      'legacy text',
      [['initial-response', { conversationId: 'c' }], answer('Hel'), answer('lo'), ...trailer],
      ['start', '+text', '=Hel', '=lo', '-', 'end end-turn'],
    ],
    [
      'modern text with thinking, which is not shown yet',
      [
        ['reasoningContentEvent', { text: 'hm' }],
        ['reasoningContentEvent', { signature: 'x' }],
        ['assistantResponseEvent', { content: 'Hi', modelId: 'm' }],
        ['metadataEvent', { tokenUsage: null }],
        ...trailer,
      ],
      ['start', '+text', '=Hi', '-', 'end end-turn'],
    ],
    [
      'one tool, its name mapped back',
      [
        answer("I'll look."),
        toolUse('a'),
        toolUse('a', { input: '{"pa' }),
        toolUse('a', { input: 'th": "."}' }),
        toolUse('a', { stop: true }),
        ...trailer,
      ],
      ['start', '+text', "=I'll look.", '-', '+LS a', '={"pa', '=th": "."}', '-', 'end tool-use'],
    ],
    [
      'two tools interleaved',
      [
        toolUse('a'),
        toolUse('b'),
        toolUse('a', { input: '{"p":1}' }),
        toolUse('b', { input: '{"q":2}' }),
        toolUse('a', { stop: true }),
        toolUse('b', { stop: true }),
        ...trailer,
      ],
      ['start', '+LS a', '={"p":1}', '-', '+LS b', '={"q":2}', '-', 'end tool-use'],
    ],
    [
      'the second of two tools stops first',
      [
        toolUse('a', { input: '{' }),
        toolUse('b', { input: '{"q":2}', stop: true }),
        toolUse('c'),
        toolUse('a', { input: '}', stop: true }),
        toolUse('c', { input: '{}', stop: true }),
      ],
      ['start', '+LS a', '={', '=}', '-', '+LS b', '={"q":2}', '-', '+LS c', '={}', '-', 'end tool-use'],
    ],
    [
      'text waits until the open tool is complete',
      [
        toolUse('a', { input: '{' }),
        answer('x'),
        toolUse('b'),
        answer('y'),
        answer('z'),
        toolUse('a', { input: '}', stop: true }),
        toolUse('b', { stop: true }),
        answer('!'),
      ],
      [
        'start',
        '+LS a',
        '={',
        '=}',
        '-',
        '+text',
        '=x',
        '-',
        '+LS b',
        '={}',
        '-',
        '+text',
        '=y',
        '=z',
        '=!',
        '-',
        'end tool-use',
      ],
    ],
    [
      'empty tool input',
      [toolUse('a'), toolUse('a', { input: '' }), ['toolUseEvent', { stop: true }]],
      ['start', '+LS a', '={}', '-', 'end tool-use'],
    ],
    [
      'a tool in one event',
      [toolUse('a', { input: '{"p":1}', stop: true })],
      ['start', '+LS a', '={"p":1}', '-', 'end tool-use'],
    ],
    [
      'object input',
      [toolUse('a', { input: { path: '.' }, stop: true })],
      ['start', '+LS a', '={"path":"."}', '-', 'end tool-use'],
    ],
    [
      'an empty object before the input as text',
      [toolUse('a', { input: {} }), toolUse('a', { input: '{"p":1}', stop: true })],
      ['start', '+LS a', '={"p":1}', '-', 'end tool-use'],
    ],
    [
      'a complete tool that is repeated runs once',
      [toolUse('a', { input: '{}', stop: true }), toolUse('a', { input: '{}', stop: true })],
      ['start', '+LS a', '={}', '-', 'end tool-use'],
    ],
    [
      'a complete tool that is repeated while it waits',
      [
        toolUse('a'),
        toolUse('b', { input: '{}', stop: true }),
        toolUse('b', { input: '{}', stop: true }),
        toolUse('a', { stop: true }),
      ],
      ['start', '+LS a', '={}', '-', '+LS b', '={}', '-', 'end tool-use'],
    ],
    [
      'truncated tool',
      [toolUse('a'), toolUse('a', { input: '{"pa' })],
      ['start', '+LS a', '={"pa', '! interrupted'],
    ],
    [
      'a tool that waits at the end',
      [toolUse('a'), toolUse('b', { stop: true })],
      ['start', '+LS a', '! interrupted'],
    ],
    [
      'a tool whose input is no JSON',
      [toolUse('a', { input: '{"pa', stop: true })],
      ['start', '+LS a', '={"pa', '! interrupted'],
    ],
    [
      'a tool whose input is no object',
      [toolUse('a', { input: '[1]', stop: true })],
      ['start', '+LS a', '=[1]', '! interrupted'],
    ],
    ['a tool without a name', [['toolUseEvent', { toolUseId: 'a' }]], ['start', '! interrupted']],
    ['a tool event of foreign shape', [['toolUseEvent', { toolUseId: 1 }]], ['start', '! interrupted']],
    ['content of foreign shape', [['assistantResponseEvent', { content: 1 }]], ['start', '! interrupted']],
    [
      'a code reference: both copies of the text stay',
      [answer('X'), answer('X'), ['codeReferenceEvent', { references: [] }]],
      ['start', '+text', '=X', '=X', '-', 'end end-turn'],
    ],
    [
      'thinking at the end, as GPT models send it',
      [
        answer('a'),
        toolUse('t', { stop: true }),
        ['reasoningContentEvent', { text: '...' }],
        ['reasoningContentEvent', { signature: 's' }],
      ],
      ['start', '+text', '=a', '-', '+LS t', '={}', '-', 'end tool-use'],
    ],
    [
      'thinking tags are ordinary text',
      [answer('<thin'), answer('king>plan</thinking'), answer('>\n\nAnswer')],
      ['start', '+text', '=<thin', '=king>plan</thinking', '=>\n\nAnswer', '-', 'end end-turn'],
    ],
    [
      'an event without content',
      [['assistantResponseEvent', { modelId: 'auto' }], answer(''), answer('ok')],
      ['start', '+text', '=ok', '-', 'end end-turn'],
    ],
    [
      'an unknown event',
      [['brandNewEvent', { x: 1 }], answer('ok')],
      ['start', '+text', '=ok', '-', 'end end-turn'],
    ],
    ['an empty 200', [], ['! empty-reply']],
    ['nothing but trailers', trailer, ['start', '! empty-reply']],
    [
      'an invalid state',
      [answer('a'), ['invalidStateEvent', { reason: 'INVALID_TASK_ASSIST_PLAN', message: 'no' }]],
      ['start', '+text', '=a', '! upstream-unavailable'],
    ],
    [
      'metadata of foreign shape is passed over',
      [answer('a'), ['metadataEvent', 1], ['meteringEvent', {}]],
      ['start', '+text', '=a', '-', 'end end-turn'],
    ],
  ])('decodes %s', (_name, sent, lines) => {
    expect(outlineOf(sent)).toEqual(lines)
  })

  it('refuses a payload that is no JSON', () => {
    const { failure } = decode([
      { messageType: 'event', name: 'assistantResponseEvent', payload: Buffer.from('{') },
    ])
    expect(failure?.failure.kind).toBe('interrupted')
  })

  it('tells the names of events that it does not know', () => {
    const unknown: string[] = []
    const decoder = createReplyDecoder({
      estimatedInputTokens: 0,
      toolNames: createToolNames([], []),
      onUnknownEvent: (name) => unknown.push(name),
    })
    for (const sent of [answer('a'), ['brandNewEvent', {}] as const, ['contextUsageEvent', {}] as const]) {
      decoder.push(frameOf([...sent]), () => {})
    }
    expect(unknown).toEqual(['brandNewEvent'])
  })
})

describe('stop reasons', () => {
  it.each<[string, Sent[], string]>([
    ['MAX_TOKENS', [answer('a'), told({ stopReason: 'MAX_TOKENS' })], 'max-tokens'],
    ['END_TURN', [answer('a'), told({ stopReason: 'END_TURN' })], 'end-turn'],
    ['PAUSE_TURN', [answer('a'), told({ stopReason: 'PAUSE_TURN' })], 'pause-turn'],
    ['CONTENT_FILTERED', [answer('a'), told({ stopReason: 'CONTENT_FILTERED' })], 'refusal'],
    ['a word that is not known', [answer('a'), told({ stopReason: 'NEW' })], 'end-turn'],
    ['TOOL_USE without a tool', [answer('a'), told({ stopReason: 'TOOL_USE' })], 'end-turn'],
    ['END_TURN with a tool', [toolUse('a', { stop: true }), told({ stopReason: 'END_TURN' })], 'tool-use'],
    [
      'a full window without content',
      [told({ stopReason: 'MODEL_CONTEXT_WINDOW_EXCEEDED' })],
      'context-window-exceeded',
    ],
    ['a limit without content', [told({ stopReason: 'MAX_TOKENS' })], 'max-tokens'],
    [
      'a refusal without content',
      [told({ stopReason: 'END_TURN', stopDetails: { refusal: {} } })],
      'refusal',
    ],
  ])('%s', (_name, sent, stopReason) => {
    expect(outlineOf(sent).at(-1)).toBe(`end ${stopReason}`)
  })

  it('a later event without a reason does not take it back', () => {
    expect(outlineOf([answer('a'), told({ stopReason: 'MAX_TOKENS' }), told({})]).at(-1)).toBe(
      'end max-tokens',
    )
  })

  it('END_TURN does not explain an empty answer', () => {
    expect(outlineOf([told({ stopReason: 'END_TURN' })])).toEqual(['start', '! empty-reply'])
  })

  it('a refusal carries its details', () => {
    const refusal = { category: 'c', explanation: 'e' }
    expect(decode([frameOf(told({ stopDetails: { refusal } }))]).events.at(-1)).toMatchObject({ refusal })
  })
})

describe('usage', () => {
  const usageOf = (sent: Sent[]) => {
    const end = decode(sent.map(frameOf)).events.at(-1)
    return end?.type === 'reply-end' ? end.usage : undefined
  }

  it('is what the service tells', () => {
    const tokenUsage = {
      uncachedInputTokens: 10,
      cacheWriteInputTokens: 1200,
      outputTokens: 55,
      totalTokens: 1265,
    }
    expect(usageOf([answer('a'), ['metadataEvent', { tokenUsage }], ...trailer])).toEqual({
      inputTokens: 10,
      outputTokens: 55,
      cacheReadTokens: 0,
      cacheWriteTokens: 1200,
      credits: 0.03,
      source: 'upstream',
    })
  })

  it.each<[string, Sent[], number]>([
    ['text', [answer('12345678')], 2],
    ['less than a token', [answer('a')], 1],
    [
      'thinking and tool input',
      [['reasoningContentEvent', { text: '1234' }], toolUse('a', { input: '{  }', stop: true })],
      2,
    ],
  ])('is estimated from %s when it is not told', (_name, sent, outputTokens) => {
    expect(usageOf(sent)).toEqual({
      inputTokens: 7,
      outputTokens,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      source: 'estimated',
    })
  })
})

describe('complaints in the stream', () => {
  it.each<[string, Frame, string]>([
    [
      'an exception',
      {
        messageType: 'exception',
        name: 'throttlingException',
        payload: Buffer.from('{"message":"m","reason":"INSUFFICIENT_MODEL_CAPACITY"}'),
      },
      'capacity',
    ],
    [
      'the modelled exception',
      {
        messageType: 'exception',
        name: 'error',
        payload: Buffer.from('{"message":"m","reason":"MODEL_TEMPORARILY_UNAVAILABLE"}'),
      },
      'capacity',
    ],
    [
      'an error frame without payload',
      {
        messageType: 'error',
        name: 'InternalServerException',
        errorMessage: 'unexpectedly high load',
        payload: Buffer.of(),
      },
      'capacity',
    ],
    ['an unknown error', { messageType: 'error', name: '', payload: Buffer.of() }, 'upstream-unavailable'],
  ])('%s fails the answer, at its head as after text', (_name, frame, kind) => {
    expect(decode([frame])).toMatchObject({ events: [], failure: { failure: { kind } } })
    const late = decode([frameOf(answer('a')), frame])
    expect(outline(late.events)).toEqual(['start', '+text', '=a'])
    expect(late.failure?.failure.kind).toBe(kind)
  })
})
