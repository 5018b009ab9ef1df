import { describe, expect, it } from 'vitest'
import { readRequest } from './read-request.ts'
import { writeSearchResult } from './write-search.ts'

const call = (id: string, query = 'tea') => ({
  type: 'server_tool_use',
  id: `srvtoolu_${id}`,
  name: 'web_search',
  input: { query },
})
const page = { url: 'https://a.example/', title: 'A', excerpt: 'Über Tee.' }
const result = (id: string) => writeSearchResult(id, { kind: 'results', results: [page] })
const text = (words: string) => ({ type: 'text', text: words })

function turnsOf(...content: object[]) {
  const messages = [
    { role: 'user', content: 'hi' },
    { role: 'assistant', content },
  ]
  const { conversation } = readRequest({ model: 'm', max_tokens: 1, messages }, {})
  return conversation.turns.slice(1)
}

const use = (id: string) => ({ kind: 'tool-use', id: `srvtoolu_${id}`, name: 'web_search' })
const outcome = (id: string, words: string) => ({
  kind: 'tool-result',
  toolUseId: `srvtoolu_${id}`,
  content: [{ text: expect.stringContaining(words) }],
})

describe('searches of earlier answers', () => {
  it('are the calls that they were, with what the client has carried unread', () => {
    expect(turnsOf(text('Hm.'), call('1'), result('1'), text('So it is.'))).toMatchObject([
      { role: 'assistant', parts: [{ text: 'Hm.' }, { ...use('1'), input: { query: 'tea' } }] },
      { role: 'user', parts: [outcome('1', '1. A\nhttps://a.example/\nÜber Tee.')] },
      { role: 'assistant', parts: [{ text: 'So it is.' }] },
    ])
  })

  it('may come several at once', () => {
    expect(turnsOf(call('1'), call('2'), result('1'), result('2'))).toMatchObject([
      { role: 'assistant', parts: [use('1'), use('2')] },
      { role: 'user', parts: [outcome('1', 'A'), outcome('2', 'A')] },
    ])
  })

  it.each([
    ['unavailable', 'cannot be searched'],
    ['max_uses_exceeded', 'No more searches'],
    ['query_too_long', 'too long'],
    ['invalid_tool_input', 'not empty'],
    ['too_many_requests', 'cannot be searched'],
    ['unheard_of', 'cannot be searched'],
    ['__proto__', 'cannot be searched'],
    ['constructor', 'cannot be searched'],
  ])('have failed with %s', (errorCode, words) => {
    const content = { type: 'web_search_tool_result_error', error_code: errorCode }
    const failed = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content }
    expect(turnsOf(call('1'), failed)).toMatchObject([
      {},
      { role: 'user', parts: [{ ...outcome('1', words), failed: true }] },
    ])
  })

  it('of other services have no excerpts', () => {
    const sealed = { ...page, type: 'web_search_result', encrypted_content: 'EqgfCioIARgB' }
    const foreign = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [sealed] }
    const [, results] = turnsOf(call('1'), foreign)
    expect(JSON.stringify(results)).toContain('https://a.example/')
    expect(JSON.stringify(results)).not.toContain('EqgfCioIARgB')
  })

  it.each([
    ['a call without its result', [call('1')]],
    ['a result without its call', [result('1')]],
    ['a result before its call', [result('1'), call('1')]],
    ['a result that nobody can read', [call('1'), { ...result('1'), content: 5 }]],
  ])('are told in words: %s', (_, content) => {
    expect(turnsOf(...content).flatMap(({ role, parts }) => parts.map(({ kind }) => [role, kind]))).toEqual(
      content.map(() => ['assistant', 'text']),
    )
  })
})
