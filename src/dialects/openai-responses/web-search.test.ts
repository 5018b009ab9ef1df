/** The tool that searches the web, from its declaration to its traces in later requests. */
import { createOpenAI } from '@ai-sdk/openai'
import { streamText } from 'ai'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { plainHead } from '../../../test/response-stream.ts'
import { createReplyCollector } from '../../conversation/collect-reply.ts'
import type { Reply, ReplyEvent } from '../../conversation/reply.ts'
import type { SearchOutcome } from '../../conversation/web-search.ts'
import type { AnswerHead } from './answer-wishes.ts'
import { readRequest } from './read-request.ts'
import { writeReply } from './write-reply.ts'
import { createEncoder } from './write-stream.ts'

const read = (body: object) => readRequest({ model: 'm', input: 'hi', ...body }, {})
const search = { type: 'web_search' }

describe('a tool that searches the web', () => {
  it.each(['web_search', 'web_search_2025_08_26', 'web_search_preview', 'web_search_preview_2025_03_11'])(
    'is run by the gateway: %s',
    (type) => {
      const { conversation, ignored, fieldsOfLoss } = read({
        tools: [{ type, filters: { allowed_domains: ['a.example'] }, search_context_size: 'low' }],
      })
      expect(conversation.tools).toMatchObject([
        {
          name: 'web_search',
          inputSchema: { required: ['query'] },
          serverRun: { kind: 'web-search', allowedDomains: ['a.example'] },
        },
      ])
      expect(ignored).toEqual(['tools.web_search.search_context_size'])
      expect(fieldsOfLoss).toMatchObject({ 'web-search': [`tools.${type}`] })
    },
  )

  it('is left out and named where nothing may be searched', () => {
    const { conversation, ignored } = read({ tools: [{ ...search, external_web_access: false }] })
    expect(conversation.tools).toEqual([])
    expect(ignored).toEqual(['tools.web_search'])
  })

  it.each([{ type: 'web_search' }, { type: 'web_search_preview' }])('may be demanded by %j', (choice) => {
    const { conversation } = read({ tools: [search, { type: 'function', name: 'f' }], tool_choice: choice })
    expect(conversation.toolChoice).toEqual({ kind: 'one', name: 'web_search' })
  })

  it('makes room for a function of that name', () => {
    const tools = [search, { type: 'function', name: 'web_search' }]
    const { conversation } = read({ tools })
    expect(conversation.tools.map(({ name, serverRun }) => [name, serverRun?.kind])).toEqual([
      ['web_search_2', 'web-search'],
      ['web_search', undefined],
    ])
  })

  it('is refused with domains that are none', () => {
    const filters = { allowed_domains: [''] }
    expect(() => read({ tools: [{ ...search, filters }] })).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({ field: 'tools.0.filters.allowed_domains.0' }),
      }),
    )
  })
})

const call = (rest: object) => ({ type: 'web_search_call', id: 'ws_1', status: 'completed', ...rest })

function turnsOf(item: object) {
  const input = [{ role: 'user', content: 'hi' }, item, { role: 'assistant', content: 'So.' }]
  const { conversation, ignored } = read({ input })
  return { turns: conversation.turns.slice(1), ignored }
}

describe('searches of earlier answers', () => {
  it('are calls with the sources that are known', () => {
    const sources = [{ type: 'url', url: 'https://a.example/' }]
    const { turns, ignored } = turnsOf(call({ action: { type: 'search', query: 'tea', sources } }))
    expect(turns).toMatchObject([
      { parts: [{ kind: 'tool-use', id: 'ws_1', name: 'web_search', input: { query: 'tea' } }] },
      { parts: [{ toolUseId: 'ws_1', content: [{ text: expect.stringContaining('https://a.example/') }] }] },
      { parts: [{ text: 'So.' }] },
    ])
    expect(ignored).toEqual([])
  })

  it('have failed where they say so', () => {
    const { turns } = turnsOf(call({ status: 'failed', action: { type: 'search', query: 'tea' } }))
    expect(turns[1]).toMatchObject({ parts: [{ failed: true }] })
  })

  it.each([
    call({}),
    call({ action: { type: 'search', query: 'tea' } }),
    call({ action: { type: 'open_page', url: 'https://a.example/' } }),
  ])('are left out and named where nothing is known of what they found: %j', (item) => {
    const { turns, ignored } = turnsOf(item)
    expect(turns).toMatchObject([{ parts: [{ text: 'So.' }] }])
    expect(ignored).toEqual(['input.web_search_call'])
  })
})

const head: AnswerHead = { ...plainHead, tools: new Map() }
const found: SearchOutcome = {
  kind: 'results',
  results: [{ url: 'https://a.example/', title: 'A', excerpt: 'About.' }],
}
const failed: SearchOutcome = { kind: 'failed', failure: 'unavailable' }
const eventsOf = (outcome: SearchOutcome): ReplyEvent[] => [
  { type: 'reply-start' },
  { type: 'block-start', block: { kind: 'web-search', id: 'i', query: 'tea' } },
  { type: 'block-end', outcome },
  { type: 'block-start', block: { kind: 'text' } },
  { type: 'block-delta', text: 'So.' },
  { type: 'block-end' },
  {
    type: 'reply-end',
    stopReason: 'end-turn',
    usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, source: 'upstream' },
  },
]

function streamOf(outcome: SearchOutcome): string {
  const encoder = createEncoder(head)
  const events = eventsOf(outcome).filter(({ type }) => type !== 'reply-start')
  return encoder.open() + events.map((event) => encoder.push(event)).join('')
}

function wholeOf(outcome: SearchOutcome) {
  const replies: Reply[] = []
  const collector = createReplyCollector()
  for (const event of eventsOf(outcome)) collector.push(event, (reply) => replies.push(reply))
  const [reply] = replies
  if (reply === undefined) throw new Error('The reply has no end')
  return writeReply(reply, head)
}

const streaming = (stream: string) => ({
  apiKey: 'test',
  baseURL: 'http://127.0.0.1:1',
  fetch: async () => new Response(stream, { headers: { 'content-type': 'text/event-stream' } }),
})

describe('a search in an answer', () => {
  const action = { type: 'search', query: 'tea', queries: ['tea'] }
  const sources = [{ type: 'url', url: 'https://a.example/' }]

  it.each([
    [found, { status: 'completed', action: { ...action, sources } }],
    [failed, { status: 'failed', action }],
  ])('is an item of its own, streamed and whole: %#', async (outcome, item) => {
    const client = new OpenAI({ ...streaming(streamOf(outcome)), maxRetries: 0 })
    const streamed = await client.responses.stream({ model: 'm', input: 'hi' }).finalResponse()
    const output = [{ type: 'web_search_call', ...item }, { type: 'message' }]
    expect(streamed.output).toMatchObject(output)
    expect(wholeOf(outcome)['output']).toMatchObject(output)
    expect(streamed.output_text).toBe('So.')
  })

  it('is told as it goes on', () => {
    const names = [...streamOf(found).matchAll(/^event: (.+)$/gm)].map(([, name]) => name)
    expect(names.slice(2, 7)).toEqual([
      'response.output_item.added',
      'response.web_search_call.in_progress',
      'response.web_search_call.searching',
      'response.web_search_call.completed',
      'response.output_item.done',
    ])
  })

  it.each([found, failed])('is understood by the AI SDK: %#', async (outcome) => {
    const model = createOpenAI(streaming(streamOf(outcome)))('gpt-x')
    const errors: unknown[] = []
    const result = streamText({ model, prompt: 'hi', onError: ({ error }) => void errors.push(error) })
    expect(await result.text).toBe('So.')
    expect(errors).toEqual([])
  })
})
