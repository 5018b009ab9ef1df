import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../conversation/failures.ts'
import type { BlockHead, ReplyEvent } from '../../conversation/reply.ts'
import { createReplyDecoder } from './decode-reply.ts'
import type { Frame } from './event-stream.ts'
import { createToolNames } from './tool-names.ts'

type Sent = [name: string, payload: unknown]

const answer = (content: string): Sent => ['assistantResponseEvent', { content }]
const toolUse = (toolUseId: string, rest: object = {}): Sent => [
  'toolUseEvent',
  { toolUseId, name: 'ls', ...rest },
]
const reasoning = (event: object): Sent => ['reasoningContentEvent', event]
const told = (metadata: object): Sent => ['metadataEvent', metadata]
const trailer: Sent[] = [
  ['contextUsageEvent', { contextUsagePercentage: 1.9 }],
  ['meteringEvent', { usage: 0.03, unit: 'credit', unitPlural: 'credits' }],
]

function frameOf([name, payload]: Sent): Frame {
  return { messageType: 'event', name, payload: Buffer.from(JSON.stringify(payload)) }
}

function createDecoder(options: Partial<Parameters<typeof createReplyDecoder>[0]> = {}) {
  return createReplyDecoder({
    prompt: { tokens: 7, contextWindowTokens: 1_000 },
    toolNames: createToolNames(['LS'], []),
    seal: { close: (proof) => proof },
    clock: { now: () => 0 },
    ...options,
  })
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

function headLine(block: BlockHead): string {
  if (block.kind === 'tool-use') return `+${block.name} ${block.id}`
  return block.kind === 'redacted-thinking' ? `+${block.kind} ${block.data}` : `+${block.kind}`
}

/** One line an event: `+text`, `=delta`, `-`, `end reason`. */
function outline(events: ReplyEvent[]): string[] {
  return events.map((event) => {
    switch (event.type) {
      case 'reply-start':
        return 'start'
      case 'block-start':
        return headLine(event.block)
      case 'block-delta':
        return `=${event.text}`
      case 'block-end':
        return event.signature === undefined ? '-' : `- signed ${event.signature}`
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
      'modern text with thinking',
      [
        ['reasoningContentEvent', { text: 'hm' }],
        ['reasoningContentEvent', { signature: 'x' }],
        ['assistantResponseEvent', { content: 'Hi', modelId: 'm' }],
        ['metadataEvent', { tokenUsage: null }],
        ...trailer,
      ],
      ['start', '+thinking', '=hm', '- signed x', '+text', '=Hi', '-', 'end end-turn'],
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
      'a code reference, before which the service repeats the text',
      [answer('X'), answer('X'), ['codeReferenceEvent', { references: [] }], answer('Y')],
      ['start', '+text', '=X', '=Y', '-', 'end end-turn'],
    ],
    [
      'equal texts in a row, of which all are meant',
      [answer('='), answer('='), answer('='), answer('1'), answer('1'), ...trailer],
      ['start', '+text', '==', '==', '==', '=1', '=1', '-', 'end end-turn'],
    ],
    [
      'a text like the one before, and then a code reference without a repetition',
      [answer('X'), answer('X'), answer('Y'), ['codeReferenceEvent', { references: [] }]],
      ['start', '+text', '=X', '=X', '=Y', '-', 'end end-turn'],
    ],
    [
      'a repetition that an exception or the end of the answer follows',
      [answer('X'), answer('X'), ['invalidStateEvent', { reason: 'r', message: 'm' }]],
      ['start', '+text', '=X', '=X', '! upstream-unavailable'],
    ],
    [
      'tool calls and thinking that the model wrote as text, which they stay',
      [answer('[Called ls with args: {}]'), answer('<function_calls><invoke name="ls">')],
      [
        'start',
        '+text',
        '=[Called ls with args: {}]',
        '=<function_calls><invoke name="ls">',
        '-',
        'end end-turn',
      ],
    ],
    [
      'a refusal in words, which is an answer like others',
      [answer('Content blocked by policy.'), ...trailer],
      ['start', '+text', '=Content blocked by policy.', '-', 'end end-turn'],
    ],
    [
      'an event with a model and no words between texts, which makes no block',
      [answer('a'), ['assistantResponseEvent', { content: '', modelId: 'auto' }], answer('b')],
      ['start', '+text', '=a', '=b', '-', 'end end-turn'],
    ],
    [
      'code as text',
      [['codeEvent', { content: 'x = 1' }]],
      ['start', '+text', '=x = 1', '-', 'end end-turn'],
    ],
    [
      'every event that has nothing for an answer',
      [
        ['messageMetadataEvent', { conversationId: 'c', utteranceId: 'u' }],
        ['toolResultEvent', { toolResult: {} }],
        ['followupPromptEvent', { followupPrompt: { content: 'And?' } }],
        ['intentsEvent', { intents: {} }],
        ['interactionComponentsEvent', { interactionComponentEntries: [] }],
        ['dryRunSucceedEvent', {}],
        ['assistantResponseEnd', {}],
        answer('ok'),
      ],
      ['start', '+text', '=ok', '-', 'end end-turn'],
    ],
    [
      'thinking at the end, as GPT models send it',
      [answer('a'), toolUse('t', { stop: true }), reasoning({ text: '...' }), reasoning({ signature: 's' })],
      ['start', '+text', '=a', '-', '+LS t', '={}', '-', '+thinking', '=...', '- signed s', 'end tool-use'],
    ],
    [
      'thinking between texts and tools',
      [
        reasoning({ text: 'a' }),
        reasoning({ text: 'b' }),
        reasoning({ signature: 's1' }),
        answer('x'),
        reasoning({ text: 'c', signature: 's2' }),
        toolUse('t', { stop: true }),
        reasoning({ text: 'd' }),
        answer('y'),
      ],
      [
        'start',
        '+thinking',
        '=a',
        '=b',
        '- signed s1',
        '+text',
        '=x',
        '-',
        '+thinking',
        '=c',
        '- signed s2',
        '+LS t',
        '={}',
        '-',
        '+thinking',
        '=d',
        '-',
        '+text',
        '=y',
        '-',
        'end tool-use',
      ],
    ],
    [
      'thinking while a tool call is open, which waits for its end',
      [
        toolUse('t'),
        reasoning({ text: 'a' }),
        reasoning({ signature: 's' }),
        reasoning({ redactedContent: 'cmVk' }),
        answer('x'),
        toolUse('t', { stop: true }),
      ],
      [
        'start',
        '+LS t',
        '={}',
        '-',
        '+thinking',
        '=a',
        '- signed s',
        '+redacted-thinking cmVk',
        '-',
        '+text',
        '=x',
        '-',
        'end tool-use',
      ],
    ],
    [
      'sealed thinking',
      [reasoning({ redactedContent: 'cmVk' }), reasoning({ redactedContent: 'cmVk' }), answer('x')],
      [
        'start',
        '+redacted-thinking cmVk',
        '-',
        '+redacted-thinking cmVk',
        '-',
        '+text',
        '=x',
        '-',
        'end end-turn',
      ],
    ],
    [
      'the signature of thinking that the service keeps to itself',
      [reasoning({ text: '', signature: 's' }), answer('x')],
      ['start', '+thinking', '- signed s', '+text', '=x', '-', 'end end-turn'],
    ],
    [
      'a signature that has lost its thinking',
      [reasoning({ text: 'a' }), answer('x'), reasoning({ signature: 's' }), answer('y')],
      ['start', '+thinking', '=a', '-', '+text', '=x', '=y', '-', 'end end-turn'],
    ],
    [
      'nothing but thinking, which is an answer all the same',
      [reasoning({ text: 'a' }), reasoning({ signature: 's' }), ...trailer],
      ['start', '+thinking', '=a', '- signed s', 'end end-turn'],
    ],
    [
      'nothing but a signature, which is none',
      [reasoning({ signature: 's' }), ...trailer],
      ['start', '+thinking', '- signed s', '! empty-reply'],
    ],
    ['thinking of foreign shape', [reasoning({ text: 1 })], ['start', '! interrupted']],
    [
      'thinking that says nothing',
      [reasoning({}), answer('x')],
      ['start', '+text', '=x', '-', 'end end-turn'],
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

  it('gives signatures and sealed thinking the seal of who answers', () => {
    const events: ReplyEvent[] = []
    const decoder = createDecoder({ seal: { close: (proof) => `seal:${proof}` } })
    for (const event of [{ text: 'a' }, { signature: 's' }, { redactedContent: 'eA==' }]) {
      decoder.push(frameOf(reasoning(event)), (each) => events.push(each))
    }
    expect(outline(events)).toEqual([
      'start',
      '+thinking',
      '=a',
      '- signed seal:s',
      '+redacted-thinking seal:eA==',
      '-',
    ])
  })

  it('refuses a payload that is no JSON', () => {
    const { failure } = decode([
      { messageType: 'event', name: 'assistantResponseEvent', payload: Buffer.from('{') },
    ])
    expect(failure?.failure.kind).toBe('interrupted')
  })

  it('tells the names of events that it does not know', () => {
    const unknown: string[] = []
    const decoder = createDecoder({ onUnknownEvent: (name) => unknown.push(name) })
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
      4,
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

const filled = (contextUsagePercentage: unknown): Sent => ['contextUsageEvent', { contextUsagePercentage }]

describe('usage by the part of the window', () => {
  it.each<[string, Sent[], number, string]>([
    [
      'is what the percentage leaves beside the output',
      [answer('12345678'), filled(10)],
      98,
      'context-percent',
    ],
    ['takes the last percentage', [answer('12345678'), filled(1), filled(10)], 98, 'context-percent'],
    ['is our count where the percentage is far below it', [answer('12345678'), filled(0.5)], 7, 'estimated'],
    [
      'is our count where nothing is left for the input',
      [answer('x'.repeat(4000)), filled(99)],
      7,
      'estimated',
    ],
    ['is our count where the percentage is none', [answer('12345678'), filled(1234)], 7, 'estimated'],
    ['is our count where the percentage is no number', [answer('12345678'), filled('10')], 7, 'estimated'],
    [
      'is what the service counted, if it did',
      [answer('a'), told({ tokenUsage: { uncachedInputTokens: 3, outputTokens: 1 } }), filled(10)],
      3,
      'upstream',
    ],
  ])('%s', (_name, sent, inputTokens, source) => {
    expect(decode(sent.map(frameOf)).events.at(-1)).toMatchObject({ usage: { inputTokens, source } })
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

  it('name the request in the log, and the size of the prompt to the client', () => {
    const payload = Buffer.from('{"message":"Input is too long."}')
    const frame: Frame = { messageType: 'exception', name: 'ValidationException', payload }
    const decoder = createDecoder({ requestId: 'request-1' })
    expect(() => decoder.push(frame, () => {})).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^prompt is too long: 1001 tokens > 1000 maximum/),
        cause: expect.objectContaining({ message: expect.stringContaining('(request request-1)') }),
      }),
    )
  })
})
