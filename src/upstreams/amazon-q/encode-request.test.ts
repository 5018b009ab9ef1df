import { describe, expect, it } from 'vitest'
import { createConversation } from '../../conversation/conversation.ts'
import type {
  AssistantPart,
  Conversation,
  DocumentFormat,
  DocumentPart,
  ToolUsePart,
  Turn,
  UserPart,
} from '../../conversation/conversation.ts'
import { sampleModel } from '../../../test/sample-model.ts'
import { FULL_FORM, type ModelInfo } from '../upstream.ts'
import { encodeRequest } from './encode-request.ts'
import { createReasoningSeal } from './reasoning-seal.ts'
import type { QConversationState } from './schema.ts'

const text = (value: string) => ({ kind: 'text', text: value }) as const
const image = { kind: 'image', format: 'png', base64: 'iVBORw0KGgo=' } as const
const use = (id: string, name = 'ls'): ToolUsePart => ({ kind: 'tool-use', id, name, input: { path: '.' } })
const result = (toolUseId: string, value = 'a.txt', failed = false): UserPart => ({
  kind: 'tool-result',
  toolUseId,
  content: value === '' ? [] : [text(value)],
  failed,
})
const user = (...parts: UserPart[]): Turn => ({ role: 'user', parts })
const assistant = (...parts: AssistantPart[]): Turn => ({ role: 'assistant', parts })
const tool = (name: string, description = `Does ${name}`) => ({
  name,
  description,
  inputSchema: { type: 'object', properties: {} },
})

type Options = Partial<Parameters<typeof encodeRequest>[1]>

function encode(turns: Turn[], rest: Partial<Conversation> = {}, options: Options = {}) {
  const conversation = createConversation({ model: 'claude-sonnet-4.5', turns, ...rest })
  return encodeRequest(conversation, {
    model: sampleModel,
    form: FULL_FORM,
    accountId: 'account-1',
    sendsCacheMarks: false,
    conversationId: '0b0f1c0e-0000-5000-8000-000000000000',
    origin: 'KIRO_CLI',
    ...options,
  })
}

function stateOf(turns: Turn[], rest: Partial<Conversation> = {}): QConversationState {
  return encode(turns, rest).conversationState
}

/** Short form of a state: one line a message, tool uses and results by id. */
function outline({ history = [], currentMessage }: QConversationState): string[] {
  return [...history, currentMessage].map((message) => {
    if ('assistantResponseMessage' in message) {
      const { content, toolUses = [] } = message.assistantResponseMessage
      return ['A', content, ...toolUses.map(({ toolUseId }) => `use ${toolUseId}`)].join('|')
    }
    const { content, images = [], userInputMessageContext } = message.userInputMessage
    const results = (userInputMessageContext?.toolResults ?? []).map(
      ({ toolUseId, status, content: [block] }) => `${status} ${toolUseId} ${block?.text}`,
    )
    return ['U', content, ...images.map(() => 'image'), ...results].join('|')
  })
}

const CANCELLED = 'This tool call was cancelled; there is no result.'

describe('the order of messages', () => {
  it.each<[string, Turn[], string[]]>([
    ['one question', [user(text('hi'))], ['U|hi']],
    [
      'S1: an unfinished answer at the end is asked to go on',
      [user(text('hi')), assistant(text('Once'))],
      ['U|hi', 'A|Once', 'U|Continue exactly where your last message ends, without repeating it.'],
    ],
    [
      'S2: an assistant that begins gets a user before it',
      [assistant(text('Hello')), user(text('hi'))],
      ['U|(The conversation begins.)', 'A|Hello', 'U|hi'],
    ],
    [
      'S3: what is left of turns after thinking was dropped is merged',
      [user(text('a')), assistant({ kind: 'thinking', text: 'hm' }), user(text('b'))],
      ['U|a\n\nb'],
    ],
    [
      'thinking beside text is dropped',
      [user(text('a')), assistant({ kind: 'redacted-thinking', data: 'x' }, text('b')), user(text('c'))],
      ['U|a', 'A|b', 'U|c'],
    ],
    ['no turns at all', [], ['U|Continue exactly where your last message ends, without repeating it.']],
  ])('%s', (_name, turns, lines) => {
    expect(outline(stateOf(turns))).toEqual(lines)
  })
})

describe('tool results', () => {
  it.each<[string, Turn[], string[]]>([
    [
      'S4: a result in the first message becomes text',
      [user(result('x'))],
      ['U|Result of an earlier tool call:\na.txt'],
    ],
    [
      'S5: a call without a result gets one',
      [user(text('q')), assistant(use('a'), use('b')), user(result('b'))],
      ['U|q', 'A| |use a|use b', `U||error a ${CANCELLED}|success b a.txt`],
    ],
    [
      'S5: calls at the very end get one as well',
      [user(text('q')), assistant(use('a'))],
      ['U|q', 'A| |use a', `U||error a ${CANCELLED}`],
    ],
    [
      'S6: a result that comes too late becomes text',
      [user(text('q')), assistant(use('a')), user(text('stop')), assistant(text('ok')), user(result('a'))],
      ['U|q', 'A| |use a', `U|stop|error a ${CANCELLED}`, 'A|ok', 'U|Result of an earlier tool call:\na.txt'],
    ],
    [
      'S6: of two results the last counts, and the other is not lost',
      [user(text('q')), assistant(use('a')), user(result('a', 'old'), result('a', 'new'))],
      ['U|q', 'A| |use a', 'U|Result of an earlier tool call:\nold|success a new'],
    ],
    [
      'S6: what is said twice is sent once',
      [user(text('q')), assistant(use('a')), user(result('a', 'same'), result('a', 'same'))],
      ['U|q', 'A| |use a', 'U||success a same'],
    ],
    [
      'S7: results follow the order of the calls',
      [user(text('q')), assistant(use('a'), use('b')), user(result('b', '2'), text('and'), result('a', '1'))],
      ['U|q', 'A| |use a|use b', 'U|and|success a 1|success b 2'],
    ],
    [
      'S8: results of several client messages come in one',
      [user(text('q')), assistant(use('a'), use('b')), user(result('a', '1')), user(result('b', '2'))],
      ['U|q', 'A| |use a|use b', 'U||success a 1|success b 2'],
    ],
    [
      'S16: an empty result says so',
      [user(text('q')), assistant(use('a')), user(result('a', ''))],
      ['U|q', 'A| |use a', 'U||success a (empty result)'],
    ],
    [
      'S16: a blank result says so',
      [user(text('q')), assistant(use('a')), user(result('a', ' \n'))],
      ['U|q', 'A| |use a', 'U||success a (empty result)'],
    ],
    [
      'S17: a failed result says so in its text',
      [user(text('q')), assistant(use('a')), user(result('a', 'no such file', true))],
      ['U|q', 'A| |use a', 'U||error a The tool failed:\nno such file'],
    ],
    [
      'S18: an image in a result moves to the message',
      [
        user(text('q')),
        assistant(use('a')),
        user({ kind: 'tool-result', toolUseId: 'a', content: [text('shot'), image], failed: false }, image),
      ],
      ['U|q', 'A| |use a', 'U||image|image|success a shot\n[image 1 of this message]'],
    ],
    [
      'S21: an id that comes again in a later turn is renamed with its result',
      [
        user(text('q')),
        assistant(use('a')),
        user(result('a', '1')),
        assistant(use('a')),
        user(result('a', '2')),
      ],
      ['U|q', 'A| |use a', 'U||success a 1', 'A| |use a_2', 'U||success a_2 2'],
    ],
    [
      'S21: an id that comes twice in one turn takes the results in order',
      [user(text('q')), assistant(use('a'), use('a')), user(result('a', '1'), result('a', '2'))],
      ['U|q', 'A| |use a|use a_2', 'U||success a 1|success a_2 2'],
    ],
    [
      'ids of foreign shape are made to fit',
      [user(text('q')), assistant(use('call/ü')), user(result('call/ü', '1'))],
      ['U|q', 'A| |use call__', 'U||success call__ 1'],
    ],
  ])('%s', (_name, turns, lines) => {
    expect(outline(stateOf(turns))).toEqual(lines)
  })

  it('keeps ids within 64 characters, also when two are equal after the cut', () => {
    const long = 'x'.repeat(70)
    const state = stateOf([user(text('q')), assistant(use(`${long}1`), use(`${long}2`)), user(text('go'))])
    expect(outline(state)[1]).toBe(`A| |use ${'x'.repeat(64)}|use ${'x'.repeat(62)}_2`)
  })
})

describe('content', () => {
  it.each<[string, Turn[], string]>([
    ['S13: an image alone gets a text', [user(image)], 'U|See the attached image.|image'],
    ['S13: blank text counts as none', [user(text(' \n '))], 'U|Continue.'],
    ['S14: several texts become one', [user(text('a'), text('b'))], 'U|a\n\nb'],
    [
      'S13: results need no text beside them',
      [user(text('q')), assistant(use('a')), user(result('a'))],
      'U||success a a.txt',
    ],
    [
      'S16: a result that is an image alone points to it',
      [
        user(text('q')),
        assistant(use('a')),
        user({ kind: 'tool-result', toolUseId: 'a', content: [image], failed: false }),
      ],
      'U||image|success a [image 1 of this message]',
    ],
    [
      '8.1: a text above the official limit is not cut',
      [user(text('x'.repeat(400_001)))],
      `U|${'x'.repeat(400_001)}`,
    ],
    [
      '8.1: a result above the official limit is not cut',
      [user(text('q')), assistant(use('a')), user(result('a', 'x'.repeat(400_001)))],
      `U||success a ${'x'.repeat(400_001)}`,
    ],
  ])('%s', (_name, turns, line) => {
    expect(outline(stateOf(turns)).at(-1)).toBe(line)
  })

  it('S15: the input of a tool use is an object, numbers and all', () => {
    const input = { path: '.', depth: 1.5, big: 12345678901234567000, nested: { deep: [1, null] } }
    const state = stateOf([user(text('q')), assistant({ ...use('a'), input, inputText: '{…}' })])
    expect(state.history?.[1]).toMatchObject({ assistantResponseMessage: { toolUses: [{ input }] } })
  })

  it('S22: the same call many times over is sent as often', () => {
    const uses = ['a', 'b', 'c', 'd'].map((id) => use(id))
    const state = stateOf([user(text('q')), assistant(...uses), user(...uses.map(({ id }) => result(id)))])
    expect(outline(state)[1]).toBe('A| |use a|use b|use c|use d')
  })

  it('S20: of images that were thinned before, the note is sent in their place', () => {
    const note = text('[An earlier image stood here.]')
    expect(outline(stateOf([user(text('q'), note), assistant(text('a')), user(image)]))).toEqual([
      'U|q\n\n[An earlier image stood here.]',
      'A|a',
      'U|See the attached image.|image',
    ])
  })

  it('S26: what is absent is left out, not null and not empty', () => {
    const turns = [user(text('q')), assistant(text('a')), user(text('r'))]
    expect(JSON.stringify(stateOf(turns, { tools: [] }))).not.toMatch(/null|\[\]|\{\}|""/)
  })

  it('S23, S25, S28: the state has its own members alone, under the id that it was given', () => {
    const state = stateOf([user(text('q')), assistant(text('a')), user(text('r'))])
    expect(state).toEqual({
      conversationId: '0b0f1c0e-0000-5000-8000-000000000000',
      chatTriggerType: 'MANUAL',
      history: [{ userInputMessage: { content: 'q' } }, { assistantResponseMessage: { content: 'a' } }],
      currentMessage: {
        userInputMessage: { content: 'r', origin: 'KIRO_CLI', modelId: 'claude-sonnet-4.5' },
      },
    })
  })
})

describe('images for a model that reads text only', () => {
  const model = { ...sampleModel, takesImages: false }
  const IMAGE_NOTE = '[An image is left out here, as it cannot be seen.]'

  it('leave a note where they stood, and are lost', () => {
    const shot: UserPart = {
      kind: 'tool-result',
      toolUseId: 'a',
      content: [text('shot'), image],
      failed: false,
    }
    const turns = [user(image, text('q')), assistant(use('a')), user(shot)]
    const { conversationState, losses } = encode(turns, {}, { model })
    expect(outline(conversationState)).toEqual([
      `U|${IMAGE_NOTE}\n\nq`,
      'A| |use a',
      `U||success a shot\n${IMAGE_NOTE}`,
    ])
    expect(losses).toEqual([{ kind: 'earlier-media' }])
  })

  it('are no loss for one that sees them', () => {
    expect(encode([user(image)]).losses).toEqual([])
  })
})

const document = (name: string, format: DocumentFormat = 'pdf', content = 'words'): DocumentPart => ({
  kind: 'document',
  name,
  format,
  base64: Buffer.from(content).toString('base64'),
})
const reader: ModelInfo = { ...sampleModel, takesDocuments: true }

describe('documents', () => {
  it('S27: are attached under names of their own where the model reads them', () => {
    const turns = [
      user(document('Plan.pdf'), text('q')),
      assistant(text('a')),
      user(document('Plan.pdf'), text('r')),
    ]
    const { conversationState, losses } = encode(turns, {}, { model: reader })
    const source = { bytes: 'd29yZHM=' }
    expect(conversationState).toMatchObject({
      history: [
        { userInputMessage: { content: 'q', documents: [{ name: 'Plan-pdf', format: 'pdf', source }] } },
        {},
      ],
      currentMessage: {
        userInputMessage: { content: 'r', documents: [{ name: 'Plan-pdf (2)', format: 'pdf', source }] },
      },
    })
    expect(losses).toEqual([])
  })

  it('get a text beside them', () => {
    expect(outline(encode([user(document('a'))], {}, { model: reader }).conversationState)).toEqual([
      'U|See the attached document.',
    ])
  })

  it('S18: in results move to the message, and leave a pointer', () => {
    const found: UserPart = {
      kind: 'tool-result',
      toolUseId: 'a',
      content: [document('Plan')],
      failed: false,
    }
    const turns = [user(text('q')), assistant(use('a')), user(found)]
    const { conversationState } = encode(turns, {}, { model: reader })
    expect(outline(conversationState).at(-1)).toBe(
      'U|See the attached document.|success a [document "Plan" of this message]',
    )
    expect(conversationState.currentMessage.userInputMessage.documents).toHaveLength(1)
  })

  it('of text are written out for other models', () => {
    const { conversationState, losses } = encode([
      user(document('a "b"\n.csv', 'csv', '\ufeff1,2\n'), text('q')),
    ])
    expect(outline(conversationState)).toEqual(['U|<document name="a b .csv">\n1,2\n\n</document>\n\nq'])
    expect(losses).toEqual([])
  })

  it('of other kinds are left out of earlier turns, with a note', () => {
    const { conversationState, losses } = encode([user(document('a')), assistant(text('b')), user(text('c'))])
    expect(outline(conversationState)[0]).toBe('U|[The document "a" is left out here.]')
    expect(losses).toEqual([{ kind: 'earlier-media' }])
  })

  it('of other kinds are left out of what tools bring, with a note, and the user can go on', () => {
    const read: UserPart = { kind: 'tool-result', toolUseId: 'a', content: [document('a')], failed: false }
    const turns = [user(text('q')), assistant(use('a')), user(read, document('b'), text('go on'))]
    const { conversationState, losses } = encode(turns)
    expect(outline(conversationState).at(-1)).toBe(
      'U|[The document "b" is left out here.]\n\ngo on|success a [The document "a" is left out here.]',
    )
    expect(losses).toEqual([{ kind: 'earlier-media' }])
  })

  it('beyond the fifth are thinned from the oldest on, but those of text are written out', () => {
    const many = ['1', '2', '3', '4', '5', '6'].map((name) => document(name))
    const turns = [user(document('t', 'txt'), ...many), assistant(text('a')), user(text('q'))]
    const { conversationState, losses } = encode(turns, {}, { model: reader })
    expect(outline(conversationState)[0]).toBe(
      'U|<document name="t">\nwords\n</document>\n\n[The document "1" is left out here.]',
    )
    expect(conversationState.history?.[0]).toMatchObject({
      userInputMessage: { documents: ['2', '3', '4', '5', '6'].map((name) => ({ name })) },
    })
    expect(losses).toEqual([{ kind: 'earlier-media' }])
  })

  it('that are empty say so', () => {
    expect(
      outline(encode([user(document('a', 'pdf', ''))], {}, { model: reader }).conversationState),
    ).toEqual(['U|<document name="a">\n(The document is empty.)\n</document>'])
  })
})

describe('S24: thinking of earlier turns', () => {
  const seal = createReasoningSeal({ accountId: 'account-1', modelId: sampleModel.id })
  const signed = (value: string, signature = 's'): AssistantPart => ({
    kind: 'thinking',
    text: value,
    signature: seal.close(signature),
  })
  const redacted: AssistantPart = { kind: 'redacted-thinking', data: seal.close('eA==') }
  const plain: AssistantPart = { kind: 'thinking', text: 'hm' }

  function replayed(parts: AssistantPart[], options: Options = {}) {
    const turns = [user(text('q')), assistant(...parts, text('a')), user(text('r'))]
    const { conversationState, losses } = encode(turns, {}, options)
    const message = conversationState.history?.[1]
    const answer =
      message && 'assistantResponseMessage' in message ? message.assistantResponseMessage : undefined
    return { reasoning: answer?.reasoningContent, losses: losses.map(({ kind }) => kind) }
  }

  it.each<[string, AssistantPart[], unknown, string[]]>([
    [
      'signed thinking goes back as it came',
      [signed('hm')],
      { reasoningText: { text: 'hm', signature: 's' } },
      [],
    ],
    ['so does a signature alone', [signed('')], { reasoningText: { text: '', signature: 's' } }, []],
    ['so does redacted thinking', [redacted], { redactedContent: 'eA==' }, []],
    [
      'of several pieces the last goes back',
      [redacted, signed('a'), signed('b', 't')],
      { reasoningText: { text: 'b', signature: 't' } },
      ['earlier-thinking'],
    ],
    ['thinking without a signature does not', [plain], undefined, ['earlier-thinking']],
    ['nor does what somebody else signed', [{ ...plain, signature: 's' }], undefined, ['earlier-thinking']],
    ['thinking that is nothing is no loss', [{ kind: 'thinking', text: '' }], undefined, []],
  ])('%s', (_name, parts, reasoning, losses) => {
    expect(replayed(parts)).toEqual({ reasoning, losses })
  })

  it.each<[string, Options]>([
    ['for another account', { accountId: 'account-2' }],
    ['for another model', { model: { ...sampleModel, id: 'claude-opus-4.5' } }],
    ['after it was refused', { form: { ...FULL_FORM, earlierThinking: 'left-out' } }],
  ])('is left out %s', (_name, options) => {
    const lost = { reasoning: undefined, losses: ['earlier-thinking'] }
    expect(replayed([signed('hm')], options)).toEqual(lost)
    expect(replayed([redacted], options)).toEqual(lost)
  })

  it('goes with each of the messages', () => {
    const turns = [
      user(text('q')),
      assistant(signed('1'), use('a')),
      user(result('a')),
      assistant(signed('2'), use('b')),
      user(result('b')),
    ]
    const { conversationState, losses } = encode(turns)
    expect(conversationState.history).toMatchObject([
      {},
      { assistantResponseMessage: { reasoningContent: { reasoningText: { text: '1' } } } },
      {},
      { assistantResponseMessage: { reasoningContent: { reasoningText: { text: '2' } } } },
    ])
    expect(losses).toEqual([])
  })
})

describe('the system prompt', () => {
  const block = '<system-instructions>\nBe brief.\n</system-instructions>'

  it('opens the first user message', () => {
    const system = 'Be brief.'
    expect(outline(stateOf([user(text('hi'))], { system }))).toEqual([`U|${block}\n\nhi`])
    expect(outline(stateOf([user(text('a')), assistant(text('b')), user(text('c'))], { system }))).toEqual([
      `U|${block}\n\na`,
      'A|b',
      'U|c',
    ])
  })

  it('stays where it is when the last turn is tool results only', () => {
    const turns = [user(text('q')), assistant(use('a')), user(result('a'))]
    expect(outline(stateOf(turns, { system: 'Be brief.' }))[0]).toBe(`U|${block}\n\nq`)
  })

  it('comes after the tags that ask for thinking, where the model wants them', () => {
    const thinking = { kind: 'adaptive', shown: true } as const
    const tags = '<thinking_mode>adaptive</thinking_mode><thinking_effort>high</thinking_effort>'
    const turns = [user(text('a')), assistant(text('b')), user(text('c'))]
    const encoded = encode(turns, { system: 'Be brief.', thinking })
    expect(outline(encoded.conversationState)[0]).toBe(`U|${tags}\n\n${block}\n\na`)
    expect(encoded).toMatchObject({ asksForThinkingTags: true, losses: [] })
    expect(encode(turns).asksForThinkingTags).toBe(false)
  })

  it('leaves no block when it is blank', () => {
    expect(outline(stateOf([user(text('hi'))], { system: ' \n' }))).toEqual(['U|hi'])
  })
})

function specsOf(state: QConversationState) {
  const tools = state.currentMessage.userInputMessage.userInputMessageContext?.tools ?? []
  return tools.flatMap((entry) => ('toolSpecification' in entry ? [entry.toolSpecification] : []))
}

describe('tools', () => {
  const toolTurns = [user(text('q')), assistant(use('a', 'Old')), user(result('a'))]

  it('S9: are declared on the current message only', () => {
    const state = stateOf(toolTurns, { tools: [tool('Old')] })
    expect(specsOf(state).map(({ name }) => name)).toEqual(['Old'])
    expect(JSON.stringify(state.history)).not.toContain('toolSpecification')
  })

  it('S10, S11: names of the history that are not on offer get a placeholder', () => {
    expect(specsOf(stateOf(toolTurns, { tools: [tool('New')] }))).toEqual([
      expect.objectContaining({ name: 'New' }),
      {
        name: 'Old',
        description: 'Used earlier in this conversation. It can no longer be called.',
        inputSchema: { json: { type: 'object', properties: {} } },
      },
    ])
  })

  it('S11: a name of the history that differs by case is the declared one', () => {
    const state = stateOf(toolTurns, { tools: [tool('old')] })
    expect(specsOf(state).map(({ name }) => name)).toEqual(['old'])
    expect(JSON.stringify(state.history)).toContain('"name":"old"')
  })

  it('S12: names that clash without regard to case are renamed and mapped back', () => {
    const { conversationState, toolNames } = encode([user(text('q'))], {
      tools: [tool('Read'), tool('read')],
    })
    expect(specsOf(conversationState).map(({ name }) => name)).toEqual(['Read', 'read_2'])
    expect(toolNames.toClient('read_2')).toBe('read')
  })

  it('S12: a tool that is declared twice is sent once', () => {
    const state = stateOf([user(text('q'))], { tools: [tool('a', 'first'), tool('a', 'second')] })
    expect(specsOf(state).map(({ description }) => description)).toEqual(['first'])
  })

  it('tool choice none leaves only what the history needs', () => {
    const state = stateOf(toolTurns, { tools: [tool('Old'), tool('New')], toolChoice: { kind: 'none' } })
    expect(specsOf(state)).toEqual([expect.objectContaining({ name: 'Old', description: 'Does Old' })])
  })

  it('an empty description gets a text', () => {
    const state = stateOf([user(text('q'))], { tools: [tool('a', ' ')] })
    expect(specsOf(state)[0]?.description).toBe('A tool without a description.')
  })

  it('a description of 10 000 bytes stays, a longer one is cut between characters and told in full elsewhere', () => {
    const fits = 'x'.repeat(10_000)
    const long = '語'.repeat(3_400)
    const state = stateOf([user(text('q'))], { tools: [tool('fits', fits), tool('long', long)] })
    const [first, second] = specsOf(state).map(({ description }) => description)
    expect(first).toBe(fits)
    expect(Buffer.byteLength(second ?? '')).toBeLessThanOrEqual(10_000)
    expect(Buffer.byteLength(second ?? '')).toBeGreaterThan(9_990)
    expect(second).toMatch(/^語+\n\n\(Cut here\./)
    expect(state.currentMessage.userInputMessage.content).toBe(
      `<system-instructions>\n# Tool long\n\n${long}\n</system-instructions>\n\nq`,
    )
  })
})

describe('the wishes of the client', () => {
  const requestFields = {
    properties: { thinking: { properties: { type: { enum: ['adaptive', 'disabled'] } } } },
  }
  const thinker: ModelInfo = { ...sampleModel, thinking: 'fields', requestFields }
  const thinking = { kind: 'adaptive', shown: true } as const

  it('go into the fields of the model, and not into the prompt', () => {
    const encoded = encode([user(text('q'))], { thinking }, { model: thinker })
    expect(encoded).toMatchObject({
      additionalModelRequestFields: { thinking: { type: 'adaptive' } },
      asksForThinkingTags: false,
      losses: [],
    })
    expect(outline(encoded.conversationState)).toEqual(['U|q'])
  })

  it('are lost where the service takes no fields', () => {
    const form = { ...FULL_FORM, modelFields: 'left-out' } as const
    const encoded = encode([user(text('q'))], { thinking }, { model: thinker, form })
    expect(encoded.additionalModelRequestFields).toBeUndefined()
    expect(encoded.losses).toEqual([{ kind: 'thinking' }])
  })
})

/** Which tools are followed by a cache point, and which messages have one. */
function pointsOf({ history = [], currentMessage }: QConversationState): string[] {
  const places = [...history, currentMessage].flatMap((message, index) =>
    JSON.stringify(message).includes('"cachePoint"') ? [`message ${index}`] : [],
  )
  const tools = currentMessage.userInputMessage.userInputMessageContext?.tools ?? []
  return [...tools.map((entry) => ('cachePoint' in entry ? 'point' : 'tool')), ...places]
}

describe('cache marks', () => {
  const mark = { cacheMark: {} }
  const marked = { tools: [{ ...tool('a'), ...mark }, tool('b')] }
  const turns = [
    user({ ...text('q'), ...mark }),
    assistant({ ...use('x'), ...mark }),
    user({ ...result('x'), ...mark }),
  ]
  const point = { cachePoint: { type: 'default' } }

  it.each<[string, Options]>([
    ['the operator did not ask for it', {}],
    ['the model keeps no cache', { sendsCacheMarks: true, model: { ...sampleModel, cacheMarks: 0 } }],
  ])('are lost when %s', (_name, options) => {
    const { conversationState, losses } = encode(turns, marked, options)
    expect(JSON.stringify(conversationState)).not.toContain('cachePoint')
    expect(losses).toEqual([{ kind: 'cache-marks' }])
  })

  it('become cache points of tools and messages', () => {
    const { conversationState, losses } = encode(turns, marked, { sendsCacheMarks: true })
    expect(conversationState).toMatchObject({
      history: [{ userInputMessage: point }, { assistantResponseMessage: point }],
      currentMessage: { userInputMessage: point },
    })
    expect(pointsOf(conversationState)).toEqual([
      'tool',
      'point',
      'tool',
      'tool',
      'message 0',
      'message 1',
      'message 2',
    ])
    expect(losses).toEqual([])
  })

  it.each<[number, string[]]>([
    [3, ['tool', 'tool', 'tool', 'message 0', 'message 1', 'message 2']],
    [1, ['tool', 'tool', 'tool', 'message 2']],
  ])('that are more than %i give way to later ones', (cacheMarks, points) => {
    const model = { ...sampleModel, cacheMarks }
    const { conversationState, losses } = encode(turns, marked, { sendsCacheMarks: true, model })
    expect(pointsOf(conversationState)).toEqual(points)
    expect(losses).toEqual([{ kind: 'cache-marks' }])
  })

  it('inside a result count for its message', () => {
    const found: UserPart = {
      kind: 'tool-result',
      toolUseId: 'x',
      content: [{ ...text('a.txt'), ...mark }],
      failed: false,
    }
    const turnsOfResult = [user(text('q')), assistant(use('x')), user(found)]
    const { conversationState } = encode(turnsOfResult, {}, { sendsCacheMarks: true })
    expect(pointsOf(conversationState)).toEqual(['tool', 'message 2'])
  })

  it('that nobody set are no loss', () => {
    expect(encode([user(text('q'))]).losses).toEqual([])
  })
})
