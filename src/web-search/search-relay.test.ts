import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { createCall } from '../calls/call.ts'
import { createConversation, type Conversation } from '../conversation/conversation.ts'
import { GatewayError, type FailureKind } from '../conversation/failures.ts'
import type { ReplyEvent, StopReason, Usage } from '../conversation/reply.ts'
import type { SearchOutcome } from '../conversation/web-search.ts'

import { createSearchTool } from '../dialects/web-search-tool.ts'
import type { AnswerFacts, ReplySink } from '../relay/pump.ts'
import type { Relay } from '../relay/relay.ts'
import type { Target } from '../relay/task.ts'
import { createSearchRelay } from './search-relay.ts'

const usage: Usage = {
  inputTokens: 10,
  outputTokens: 3,
  cacheReadTokens: 2,
  cacheWriteTokens: 1,
  credits: 0.5,
  source: 'upstream',
}
const start: ReplyEvent = { type: 'reply-start' }
const said = (text: string): ReplyEvent[] => [
  { type: 'block-start', block: { kind: 'text' } },
  { type: 'block-delta', text },
  { type: 'block-end' },
]
const called = (name: string, input: object, id = 'toolu_1'): ReplyEvent[] => [
  { type: 'block-start', block: { kind: 'tool-use', id, name } },
  { type: 'block-delta', text: JSON.stringify(input) },
  { type: 'block-end' },
]
const searched = (query: string, id?: string) => called('web_search', { query }, id)
const end = (stopReason: StopReason = 'end-turn'): ReplyEvent => ({ type: 'reply-end', stopReason, usage })

const found: SearchOutcome = {
  kind: 'results',
  results: [{ url: 'https://a.example/', title: 'A', excerpt: 'About.' }],
}
const told = (id: string, query: string, outcome: SearchOutcome = found): ReplyEvent[] => [
  { type: 'block-start', block: { kind: 'web-search', id, query } },
  { type: 'block-end', outcome },
]

/** What the relay inside does in a round: pushes events, or does whatever it likes with its target. */
type Round = readonly ReplyEvent[] | ((target: Target) => void)

const describing =
  (facts: readonly AnswerFacts[], events: readonly ReplyEvent[]): Round =>
  ({ sink }) => {
    for (const each of facts) sink.describe(each)
    for (const event of events) sink.push(event)
  }
const failing =
  (kind: FailureKind): Round =>
  () => {
    throw new GatewayError(kind, 'scripted')
  }

interface Wishes {
  conversation?: Partial<Conversation>
  rounds: readonly Round[]
  isOffered?: boolean
  outcome?: SearchOutcome
}

const user: Conversation['turns'] = [{ role: 'user', parts: [{ kind: 'text', text: 'hi' }] }]

async function play({ conversation, rounds, isOffered = true, outcome = found }: Wishes) {
  const clock = createFakeClock()
  const events: ReplyEvent[] = []
  const asked: Conversation[] = []
  const queries: string[] = []
  const facts: AnswerFacts[] = []
  const left = rounds.values()
  const relay: Relay = {
    plan(planned) {
      asked.push(planned)
      return {
        modelId: 'm',
        inputTokens: 7,
        preview: () => Promise.reject(new Error('Nobody asks for it.')),
        async run(target) {
          clock.advance(100)
          const round = left.next().value ?? [start, ...said('done'), end()]
          if (typeof round === 'function') return round(target)
          for (const event of round) target.sink.push(event)
          target.call?.attempts.push({ accountId: 'a', startedAt: 1, endedAt: 2, outcome: 'answered' })
        },
      }
    },
  }
  const sink: ReplySink = {
    describe: (described) => void facts.push(described),
    push: (event) => void events.push(event),
    flush: () => true,
    hasContentLeft: () => events.some(({ type }) => type === 'block-start'),
    onDrain() {},
  }
  const webSearch = {
    isOffered: () => isOffered,
    async search(query: string) {
      queries.push(query)
      return outcome
    },
  }
  const call = createCall({ dialect: 'd', model: 'm', stream: true })
  const plan = createSearchRelay({ relay, webSearch, clock }).plan(
    createConversation({ model: 'm', turns: user, tools: [createSearchTool({})], ...conversation }),
  )
  const { signal } = new AbortController()
  const failure = await plan.run({ sink, gate: 'first-content', call, signal }).then(
    () => undefined,
    (error: unknown) => error,
  )
  return { events, asked, queries, facts, call, failure }
}

describe('a relay that searches', () => {
  it('runs the call and goes on in the same answer, with the usage of both rounds', async () => {
    const { events, asked, queries, call } = await play({
      rounds: [[start, ...said('Let me see.'), ...searched('tea'), end('tool-use')]],
    })
    expect(queries).toEqual(['tea'])
    expect(events).toEqual([
      start,
      ...said('Let me see.'),
      ...told('1', 'tea'),
      ...said('done'),
      {
        type: 'reply-end',
        stopReason: 'end-turn',
        usage: {
          inputTokens: 20,
          outputTokens: 6,
          cacheReadTokens: 4,
          cacheWriteTokens: 2,
          credits: 1,
          source: 'upstream',
        },
      },
    ])
    expect(asked[1]?.turns.slice(1)).toMatchObject([
      {
        role: 'assistant',
        parts: [
          { kind: 'text', text: 'Let me see.' },
          { kind: 'tool-use', id: 'toolu_1', input: { query: 'tea' } },
        ],
      },
      { role: 'user', parts: [{ kind: 'tool-result', toolUseId: 'toolu_1', failed: false }] },
    ])
    expect(call.attempts.map(({ startedAt }) => startedAt)).toEqual([1, 101])
  })

  it('is the plain relay where nothing is to be searched', async () => {
    const tools = [{ name: 'ls', description: '', inputSchema: {} }]
    const rounds = [[start, ...called('web_search', {}), end('tool-use')]]
    const { events } = await play({ conversation: { tools }, rounds })
    expect(events).toEqual(rounds[0])
  })

  it('demands the call in the first round alone', async () => {
    const { asked } = await play({
      conversation: { toolChoice: { kind: 'one', name: 'web_search' } },
      rounds: [[start, ...searched('tea'), end('tool-use')]],
    })
    expect(asked.map(({ toolChoice }) => toolChoice.kind)).toEqual(['one', 'auto'])
  })

  it.each<[what: string, conversation: Partial<Conversation>, offered: boolean]>([
    ['nobody can be asked', {}, false],
    ['another tool is demanded', { toolChoice: { kind: 'one', name: 'ls' } }, false],
    ['it is demanded', { toolChoice: { kind: 'one', name: 'web_search' } }, true],
    ['a call is demanded and there is no other tool', { toolChoice: { kind: 'any' } }, true],
  ])('offers the model a tool without a source: %s', async (_, conversation, offered) => {
    const rounds = [describing([{ losses: [], repairs: [] }], [start, end()])]
    const { asked, facts } = await play({ conversation, rounds, isOffered: false })
    expect(asked[0]?.tools).toHaveLength(offered ? 1 : 0)
    expect(facts).toEqual([{ losses: offered ? [] : [{ kind: 'web-search' }], repairs: [] }])
  })

  it('takes an answer without the search that it has demanded in vain', async () => {
    const { asked, events } = await play({
      conversation: { toolChoice: { kind: 'one', name: 'web_search' } },
      rounds: [failing('demand-unmet'), [start, ...said('So.'), end()]],
    })
    expect(asked.map(({ toolChoice }) => toolChoice.kind)).toEqual(['one', 'auto'])
    expect(events).toEqual([start, ...said('So.'), end()])
  })

  it('takes none without what else was demanded', async () => {
    const { failure, asked } = await play({ rounds: [failing('demand-unmet')] })
    expect(failure).toMatchObject({ failure: { kind: 'demand-unmet' } })
    expect(asked).toHaveLength(1)
  })

  it.each(['stop-sequence', 'refusal', 'context-window-exceeded'] as const)(
    'searches nothing any more when the answer has ended by %s',
    async (stopReason) => {
      const { queries, events } = await play({ rounds: [[start, ...searched('a'), end(stopReason)]] })
      expect(queries).toEqual([])
      expect(events).toEqual([start, end(stopReason)])
    },
  )

  it('runs several calls in order, and lets the client run its own', async () => {
    const { events, asked } = await play({
      rounds: [
        [
          start,
          ...searched('a', 'tooluse_1'),
          ...called('ls', {}, 'x'),
          ...searched('b', 'call_2'),
          end('tool-use'),
        ],
      ],
    })
    expect(events).toEqual([
      start,
      ...called('ls', {}, 'x'),
      ...told('1', 'a'),
      ...told('2', 'b'),
      end('tool-use'),
    ])
    expect(asked).toHaveLength(1)
  })

  it('takes what is searched from what the answer may be long', async () => {
    const limits = { stopSequences: [], maxOutputTokens: 5 }
    const round = [start, ...searched('a'), end('tool-use')]
    const { asked, events } = await play({ conversation: { limits }, rounds: [round, round] })
    expect(asked.map((each) => each.limits.maxOutputTokens)).toEqual([5, 2])
    expect(events.at(-1)).toMatchObject({ stopReason: 'max-tokens', usage: { outputTokens: 6 } })
  })

  it('takes the tool away when it may be used no more, and refuses what is asked nevertheless', async () => {
    const tools = [createSearchTool({ maxUses: 1 })]
    const round = [start, ...searched('a'), end('tool-use')]
    const { asked, events, queries } = await play({ conversation: { tools }, rounds: [round, round] })
    expect(asked.map((each) => each.tools.length)).toEqual([1, 0, 0])
    expect(queries).toEqual(['a'])
    expect(events).toContainEqual({
      type: 'block-end',
      outcome: { kind: 'failed', failure: 'max-uses-exceeded' },
    })
  })

  it('tells the model honestly that nothing could be searched', async () => {
    const { asked } = await play({
      rounds: [[start, ...searched('a'), end('tool-use')]],
      outcome: { kind: 'failed', failure: 'unavailable' },
    })
    const text = expect.stringContaining('cannot be searched')
    expect(asked[1]?.turns.at(-1)?.parts).toMatchObject([{ failed: true, content: [{ text }] }])
  })

  it('throws away what an attempt had said to the gateway alone', async () => {
    const twice = [start, ...searched('first'), start, ...searched('second'), end('tool-use')]
    const { queries } = await play({ rounds: [twice] })
    expect(queries).toEqual(['second'])
  })

  it('lets a later round be remedied until it has told something of its own', async () => {
    const states: boolean[] = []
    const look = ({ sink }: Target) => {
      states.push(sink.hasContentLeft())
      for (const event of [start, ...searched('b')]) sink.push(event)
      states.push(sink.hasContentLeft())
      for (const event of [...said('x'), end()]) sink.push(event)
      states.push(sink.hasContentLeft())
    }
    await play({ rounds: [[start, ...said('Hm.'), ...searched('a'), end('tool-use')], look] })
    expect(states).toEqual([false, false, true])
  })

  it('fails with the round that fails, and has the others paid for', async () => {
    const { failure, call, events } = await play({
      rounds: [[start, ...searched('a'), end('tool-use')], failing('interrupted')],
    })
    expect(failure).toMatchObject({ failure: { kind: 'interrupted' } })
    expect(call.usage).toEqual(usage)
    expect(events.some(({ type }) => type === 'reply-end')).toBe(false)
  })

  it('adds up what rounds say of themselves; further attempts of one replace their own', async () => {
    const first = describing(
      [
        { losses: [{ kind: 'effort' }], repairs: [] },
        { losses: [{ kind: 'thinking' }], repairs: ['repeat'] },
      ],
      [start, ...searched('a'), end('tool-use')],
    )
    const second = describing([{ losses: [{ kind: 'thinking' }], repairs: ['refresh'] }], [start, end()])
    const { facts } = await play({ rounds: [first, second] })
    expect(facts.at(-1)).toEqual({ losses: [{ kind: 'thinking' }], repairs: ['repeat', 'refresh'] })
  })
})
