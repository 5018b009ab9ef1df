import { describe, expect, it } from 'vitest'
import { createConversation } from '../../conversation/conversation.ts'
import type {
  AssistantPart,
  Conversation,
  ToolUsePart,
  Turn,
  UserPart,
} from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { sampleModel } from '../../../test/sample-model.ts'
import { FULL_FORM } from '../upstream.ts'
import { encodeRequest } from './encode-request.ts'
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

function encode(turns: Turn[], rest: Partial<Conversation> = {}) {
  const conversation = createConversation({ model: 'claude-sonnet-4.5', turns, ...rest })
  return encodeRequest(conversation, {
    model: sampleModel,
    form: FULL_FORM,
    accountId: 'account-1',
    conversationId: '0b0f1c0e-0000-5000-8000-000000000000',
    origin: 'KIRO_CLI',
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
      'S6: of two results the last counts',
      [user(text('q')), assistant(use('a')), user(result('a', 'old'), result('a', 'new'))],
      ['U|q', 'A| |use a', 'U||success a new'],
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
    ['an image alone gets a text', [user(image)], 'U|See the attached image.|image'],
    ['blank text counts as none', [user(text(' \n '))], 'U|Continue.'],
    ['S14: several texts become one', [user(text('a'), text('b'))], 'U|a\n\nb'],
  ])('S13: %s', (_name, turns, line) => {
    expect(outline(stateOf(turns)).at(-1)).toBe(line)
  })

  it('refuses documents, which are not carried yet', () => {
    const document = { kind: 'document', name: 'a', format: 'pdf', base64: '' } as const
    expect(() => stateOf([user(document)])).toThrow(GatewayError)
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

  it('leaves no block when it is blank', () => {
    expect(outline(stateOf([user(text('hi'))], { system: ' \n' }))).toEqual(['U|hi'])
  })
})

function specsOf(state: QConversationState) {
  const tools = state.currentMessage.userInputMessage.userInputMessageContext?.tools ?? []
  return tools.map(({ toolSpecification }) => toolSpecification)
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
