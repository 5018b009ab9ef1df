import type { Citation } from '../conversation/citation.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replyEvents } from '../../test/reply-events.ts'
import { call, collect, replyOf, runStage, slicingsOf, text, thinking } from '../../test/run-stage.ts'
import {
  createConversation,
  type Conversation,
  type JsonObject,
  type Tool,
  type Turn,
} from '../conversation/conversation.ts'
import { toGatewayError } from '../conversation/failures.ts'
import type { ReplyEvent, StopReason } from '../conversation/reply.ts'
import { planDemands, type DemandPlan } from './demands.ts'

const tool = (name: string): Tool => ({ name, description: `Does ${name}`, inputSchema: { type: 'object' } })
const schema: JsonObject = {
  type: 'object',
  properties: { id: { type: 'integer' }, tags: { type: 'array', items: { type: 'string' } } },
  required: ['id'],
}
const user: Turn = { role: 'user', parts: [{ kind: 'text', text: 'Go on.', cacheMark: {} }] }
const usedBefore: Turn[] = [
  user,
  { role: 'assistant', parts: [{ kind: 'tool-use', id: 't1', name: 'ls', input: {} }] },
  { role: 'user', parts: [{ kind: 'tool-result', toolUseId: 't1', content: [], failed: false }] },
]

const converse = (wishes: Partial<Conversation> = {}) =>
  createConversation({ model: 'm', turns: [user], tools: [tool('ls'), tool('cat')], ...wishes })

/** The reply that the stages make of `events`, or the message of the failure. */
function answer(plan: DemandPlan, events: readonly ReplyEvent[]) {
  try {
    return collect(plan.createStages().reduce((passed, stage) => runStage(stage, passed), [...events]))
  } catch (error) {
    const { kind, message } = toGatewayError(error).failure
    return `${kind}: ${message}`
  }
}

const ended = (events: readonly ReplyEvent[], stopReason: StopReason) =>
  events.map((event) => (event.type === 'reply-end' ? { ...event, stopReason } : event))

const notesOf = ({ turns }: Conversation) =>
  (turns.at(-1)?.parts ?? []).flatMap((part) =>
    part.kind === 'text' && part.text.startsWith('<system-reminder>') ? [part.text] : [],
  )
const allParts = ({ turns }: Conversation) => turns.flatMap(({ parts }) => [...parts])
const toolNames = ({ conversation }: DemandPlan) => conversation.tools.map(({ name }) => name)
const partsOf = (reply: ReturnType<typeof answer>) => (typeof reply === 'string' ? reply : reply.parts)

describe('a conversation without demands', () => {
  it('is asked as it is, and its answer is not touched', () => {
    const conversation = converse()
    const plan = planDemands(conversation)
    expect(plan.conversation).toBe(conversation)
    expect(plan.gate).toBeUndefined()
    expect(plan.createStages()).toEqual([])
  })
})

describe('a note to the model', () => {
  it.each<[string, Turn[]]>([
    ['the text of the user', [user]],
    ['results of tools', usedBefore],
    ['words of the assistant', [user, { role: 'assistant', parts: [{ kind: 'text', text: 'I' }] }]],
  ])('stands behind %s, and leaves all before it as it was', (_, turns) => {
    const conversation = converse({ turns, system: 'Be kind.', toolChoice: { kind: 'any' } })
    const before = structuredClone(conversation)
    const { conversation: asked } = planDemands(conversation)
    expect(conversation).toEqual(before)
    expect(asked.system).toBe('Be kind.')
    expect(notesOf(asked)).toHaveLength(1)
    expect(allParts(asked).slice(0, -1)).toEqual(allParts(conversation))
  })

  it('of a second try says what was wrong with the first', () => {
    const plan = planDemands(converse({ responseFormat: { kind: 'json-schema', schema } }))
    const failure = { kind: 'demand-unmet', message: 'At /id: no number.' } as const
    const notes = notesOf(plan.remind(failure))
    expect(notes.slice(0, 1)).toEqual(notesOf(plan.conversation))
    expect(notes[1]).toContain('At /id: no number.')
  })
})

describe('a tool choice', () => {
  it('of one tool offers that one alone', () => {
    const plan = planDemands(converse({ toolChoice: { kind: 'one', name: 'cat' } }))
    expect(toolNames(plan)).toEqual(['cat'])
    expect(plan.conversation.toolChoice).toEqual({ kind: 'auto' })
    expect(plan.gate).toBe('first-tool-or-end')
    expect(notesOf(plan.conversation)[0]).toContain('"cat"')
  })

  it('of any tool offers all', () => {
    const plan = planDemands(converse({ toolChoice: { kind: 'any' } }))
    expect(toolNames(plan)).toEqual(['ls', 'cat'])
    expect(plan.gate).toBe('first-tool-or-end')
  })

  it.each<[Partial<Conversation>, string]>([
    [
      { toolChoice: { kind: 'one', name: 'rm' }, demandedAt: { toolChoice: 'function_call' } },
      'function_call names the tool "rm", which is not among the tools of the request.',
    ],
    [
      { toolChoice: { kind: 'one', name: 'rm' } },
      'tool_choice names the tool "rm", which is not among the tools of the request.',
    ],
    [
      { toolChoice: { kind: 'any' }, tools: [] },
      'tool_choice demands a tool call, but the request has no tools.',
    ],
  ])('that nothing can meet is refused: %j', (wishes, message) => {
    const [field] = message.split(' ')
    expect(() => planDemands(converse(wishes))).toThrow(
      expect.objectContaining({ failure: { kind: 'invalid-request', message, field } }),
    )
  })

  it.each<[string, Partial<Conversation>, ReplyEvent[], string[]]>([
    [
      'the call that is demanded',
      { toolChoice: { kind: 'one', name: 'ls' } },
      replyOf(text('Now:'), call('ls', '{}')),
      ['text', 'tool-use'],
    ],
    [
      'several calls',
      { toolChoice: { kind: 'any' } },
      replyOf(call('ls', '{}'), call('cat', '{}')),
      ['tool-use', 'tool-use'],
    ],
    [
      'the right one of several calls',
      { toolChoice: { kind: 'one', name: 'ls' } },
      replyOf(call('cat', '{}'), call('ls', '{}')),
      ['tool-use'],
    ],
    [
      'words where no call is allowed',
      { toolChoice: { kind: 'none' } },
      replyOf(text('Hi'), call('ls', '{}')),
      ['text'],
    ],
  ])('lets %s pass', (_, wishes, events, kinds) => {
    const reply = answer(planDemands(converse(wishes)), events)
    expect(reply).toMatchObject({
      parts: kinds.map((kind) => ({ kind })),
      stopReason: kinds.includes('tool-use') ? 'tool-use' : 'end-turn',
    })
  })

  it.each<[string, Partial<Conversation>, ReplyEvent[], RegExp]>([
    ['words alone', { toolChoice: { kind: 'any' } }, replyOf(text('Hi')), /did not call a tool/],
    [
      'the wrong call',
      { toolChoice: { kind: 'one', name: 'ls' } },
      replyOf(text('Hm'), call('cat', '{}')),
      /did not call a tool/,
    ],
    [
      'a call alone where none is allowed',
      { toolChoice: { kind: 'none' } },
      replyOf(thinking('Hm'), call('ls', '{}')),
      /may not call/,
    ],
  ])('is not met by %s', (_, wishes, events, message) => {
    expect(answer(planDemands(converse(wishes)), events)).toMatch(/^demand-unmet: /)
    expect(answer(planDemands(converse(wishes)), events)).toMatch(message)
  })

  it('of none tells the model only when it has used tools before', () => {
    const fresh = planDemands(converse({ toolChoice: { kind: 'none' } }))
    const later = planDemands(converse({ toolChoice: { kind: 'none' }, turns: usedBefore }))
    expect([toolNames(fresh), toolNames(later)]).toEqual([[], []])
    expect(notesOf(fresh.conversation)).toEqual([])
    expect(notesOf(later.conversation)).toHaveLength(1)
  })

  it('goes before a response format when it demands a call', () => {
    const plan = planDemands(converse({ toolChoice: { kind: 'any' }, responseFormat: { kind: 'json' } }))
    expect(partsOf(answer(plan, replyOf(call('ls', '{}'))))).toHaveLength(1)
  })
})

describe('a demand for a JSON object', () => {
  const plan = planDemands(converse({ tools: [], responseFormat: { kind: 'json' } }))

  it('is without notes of sources, which are no JSON', () => {
    const citations: Citation[] = [{ kind: 'code-reference', licence: 'MIT' }]
    const cited = replyOf(text('{"a":1}')).map((event) =>
      event.type === 'block-end' || event.type === 'reply-end' ? { ...event, citations } : event,
    )
    expect(JSON.stringify(answer(plan, cited))).not.toContain('MIT')
  })

  it('is told to the model, and holds the answer until it is whole', () => {
    expect(plan.gate).toBe('whole-reply')
    expect(plan.conversation.tools).toEqual([])
    expect(notesOf(plan.conversation)[0]).toContain('JSON object')
  })

  it.each<[string, string[], string]>([
    ['bare JSON', [' {"a"', ':12345678901234567890}\n'], '{"a":12345678901234567890}'],
    ['a code fence', ['```json\n{"a":1}\n```'], '{"a":1}'],
    ['a code fence with words around it', ['Here you are:\n```\n{"a":1}\n```\nBye'], '{"a":1}'],
    [
      'a code fence with one in a string',
      ['```json\n{"a":"```sh\\nls\\n```"}\n```'],
      '{"a":"```sh\\nls\\n```"}',
    ],
  ])('is met by %s', (_, pieces, json) => {
    expect(partsOf(answer(plan, replyOf(thinking('Hm'), text(...pieces))))).toEqual([
      { kind: 'thinking', text: 'Hm' },
      { kind: 'text', text: json },
    ])
  })

  it.each([
    ['[1]', /not an object/],
    ['Sure!', /no JSON/],
    ['{"a":', /no JSON/],
  ])('is not met by %j', (said, message) => {
    expect(answer(plan, replyOf(text(said)))).toMatch(message)
  })
})

describe('a demand for JSON by a schema', () => {
  const plan = planDemands(converse({ responseFormat: { kind: 'json-schema', schema } }))
  const alone = planDemands(converse({ tools: [], responseFormat: { kind: 'json-schema', schema } }))

  it('offers a tool that takes the answer, beside those of the client', () => {
    expect(toolNames(plan)).toEqual(['ls', 'cat', 'give_answer'])
    expect(plan.conversation.tools.at(-1)?.inputSchema).toEqual(schema)
    expect(plan.gate).toBe('whole-reply')
    expect(notesOf(plan.conversation)[0]).toContain('give_answer')
  })

  it.each<[string, ReplyEvent[]]>([
    ['the input of that tool', replyOf(text('I answer.'), call('give_answer', '{"id":', '7}'))],
    ['JSON as text', replyOf(text('{"id":', '7}'))],
    ['the first that passes', replyOf(call('give_answer', '{}'), call('give_answer', '{"id":7}'))],
    ['text where the input of the tool is wrong', replyOf(text('{"id":7}'), call('give_answer', '{}'))],
  ])('is met by %s', (_, events) => {
    expect(answer(plan, events)).toMatchObject({
      parts: [{ kind: 'text', text: '{"id":7}' }],
      stopReason: 'end-turn',
    })
  })

  it.each<[string, ReplyEvent[], RegExp]>([
    ['words', replyOf(text('Seven')), /^demand-unmet: .*no JSON/],
    [
      'JSON that does not follow it',
      replyOf(text('{"id":7,"tags":["a",2]}')),
      /^demand-unmet: .*at \/tags\/1: .*string/,
    ],
    ['a wrong input of the tool', replyOf(call('give_answer', '{"id":"7"}')), /^demand-unmet: .*at \/id: /],
    ['a call of a tool that is not there', replyOf(call('rm', '{}')), /^demand-unmet: /],
    ['nothing', replyOf(), /^demand-unmet: /],
  ])('is not met by %s', (_, events, message) => {
    expect(answer(plan, events)).toMatch(message)
  })

  it('lets calls of the client’s tools pass with what is said beside them, without an answer given too early', () => {
    const events = replyOf(text('Let me look.'), call('give_answer', '{"id":1}'), call('ls', '{}'))
    expect(answer(plan, events)).toMatchObject({
      parts: [
        { kind: 'text', text: 'Let me look.' },
        { kind: 'tool-use', name: 'ls' },
      ],
      stopReason: 'tool-use',
    })
    expect(answer(alone, events)).toMatchObject({ parts: [{ kind: 'text', text: '{"id":1}' }] })
  })

  it.each<StopReason>(['refusal', 'max-tokens', 'context-window-exceeded'])(
    'does not hide that an answer ended by %s',
    (stopReason) => {
      const reply = answer(plan, ended(replyOf(thinking('Hm'), text('{"id":')), stopReason))
      expect(reply).toMatchObject({ parts: [{ kind: 'thinking' }, { text: '{"id":' }], stopReason })
      const byTool = answer(plan, ended(replyOf(call('give_answer', '{"id":"x"}')), stopReason))
      expect(byTool).toMatchObject({ parts: [{ kind: 'text', text: '{"id":"x"}' }], stopReason })
    },
  )

  it('offers it under a free name', () => {
    const plan2 = planDemands(
      converse({
        tools: [tool('Give_Answer'), tool('give_answer_2')],
        responseFormat: { kind: 'json-schema', schema },
      }),
    )
    expect(toolNames(plan2).at(-1)).toBe('give_answer_3')
  })

  it('refuses a schema that is none', () => {
    const responseFormat = { kind: 'json-schema', schema: { type: 'text' } } as const
    expect(() => planDemands(converse({ responseFormat }))).toThrow(/cannot be used: at #\/type/)
  })

  it('refuses a schema that is none by the path at which the client says it', () => {
    const field = 'response_format.json_schema.schema'
    const wishes = {
      responseFormat: { kind: 'json-schema', schema: { type: 'text' } },
      demandedAt: { responseFormat: field },
    } as const
    const failure: unknown = expect.objectContaining({
      field,
      message: expect.stringContaining(`${field}: `),
    })
    expect(() => planDemands(converse(wishes))).toThrow(expect.objectContaining({ failure }))
  })

  it('refuses to hold more than 4 MiB', () => {
    expect(answer(alone, replyOf(text(...Array.from({ length: 5 }, () => 'x'.repeat(2 ** 20)))))).toMatch(
      /^upstream-unavailable: /,
    )
  })
})

describe('a schema of something else than an object', () => {
  const list: JsonObject = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'array',
    items: { anyOf: [{ $ref: '#/$defs/id' }, { $ref: '#' }] },
    $defs: { id: { type: 'integer' } },
  }
  const plan = planDemands(converse({ tools: [], responseFormat: { kind: 'json-schema', schema: list } }))

  it('is wrapped for the tool, with its references moved along', () => {
    const moved = planDemands(
      converse({
        tools: [],
        responseFormat: { kind: 'json-schema', schema: plan.conversation.tools[0]?.inputSchema ?? {} },
      }),
    )
    // The wrapped schema means what it should: it is checked here as one of its own.
    expect(partsOf(answer(moved, replyOf(text('{"answer":[1,[2,[]]]}'))))).toHaveLength(1)
    expect(answer(moved, replyOf(text('{"answer":[1,["x"]]}')))).toMatch(/at \/answer\/1\/0: /)
  })

  it.each<[string, ReplyEvent[]]>([
    ['the input of the tool', replyOf(call('give_answer', '{ "answer" : [1, [2.0]] }'))],
    ['an input that is not wrapped', replyOf(call('give_answer', '[1, [2.0]]'))],
    ['plain text', replyOf(text('[1, [2.0]]'))],
    ['wrapped text', replyOf(text('{"answer":[1, [2.0]]}'))],
  ])('is unwrapped from %s, as it was written', (_, events) => {
    expect(partsOf(answer(plan, events))).toEqual([{ kind: 'text', text: '[1, [2.0]]' }])
  })

  it('is unwrapped from a member that is there twice', () => {
    const events = replyOf(call('give_answer', '{"answer":["x"],"answer":[1]}'))
    expect(partsOf(answer(plan, events))).toEqual([{ kind: 'text', text: '[1]' }])
  })
})

const wishes = fc.record({
  toolChoice: fc.constantFrom<Conversation['toolChoice']>(
    { kind: 'auto' },
    { kind: 'none' },
    { kind: 'any' },
    { kind: 'one', name: 'ls' },
  ),
  responseFormat: fc.constantFrom<Conversation['responseFormat']>(
    { kind: 'text' },
    { kind: 'json' },
    { kind: 'json-schema', schema },
    { kind: 'json-schema', schema: {} },
  ),
})

describe('for every demand and reply', () => {
  const cases = fc.tuple(
    wishes,
    replyEvents.chain((events) => fc.tuple(fc.constant(events), slicingsOf(events))),
  )

  it('the answer is whole or an honest failure, and the same however the reply is sliced', () => {
    fc.assert(
      fc.property(cases, ([wish, [events, slices]]) => {
        const plan = planDemands(converse(wish))
        const reply = answer(plan, events)
        expect(typeof reply === 'string' ? reply : 'whole').toMatch(/^(whole$|demand-unmet: )/)
        expect(answer(plan, slices)).toEqual(reply)
      }),
      { numRuns: 300 },
    )
  })

  it('nothing is said that the model did not say', () => {
    fc.assert(
      fc.property(cases, ([wish, [events]]) => {
        const reply = answer(planDemands(converse(wish)), events)
        const said = JSON.stringify(
          events.map((event) => (event.type === 'block-delta' ? event.text : '')).join(''),
        )
        const texts =
          typeof reply === 'string'
            ? []
            : reply.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []))
        for (const each of texts) expect(said).toContain(JSON.stringify(each).slice(1, -1))
      }),
    )
  })
})
