import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memory } from './memory.ts'
import { readResponses } from './read-request.ts'

const hi = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }
const hello = {
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  content: [{ type: 'output_text', text: 'hello', annotations: [] }],
}
const nothing = { earlier: [], items: new Map() }

describe('what a body points to', () => {
  it.each([
    [{ input: 'hi' }, { itemIds: [] }],
    [
      { input: [hi], previous_response_id: 'resp_1' },
      { answerId: 'resp_1', itemIds: [] },
    ],
    [{ previous_response_id: null }, { itemIds: [] }],
    [{ previous_response_id: '' }, { itemIds: [] }],
    [{ previous_response_id: 7, input: 7 }, { itemIds: [] }],
    [
      { input: [{ type: 'item_reference', id: 'msg_1' }, { id: 'msg_2' }, hi] },
      { itemIds: ['msg_1', 'msg_2'] },
    ],
    [
      {
        input: [
          { ...hi, id: 'msg_1' },
          { role: 'user', id: 'msg_2', content: 'a' },
        ],
      },
      { itemIds: [] },
    ],
    [{ input: [null, 7, [], { type: 'item_reference' }] }, { itemIds: [] }],
    [undefined, { itemIds: [] }],
    ['hi', { itemIds: [] }],
  ])('is found: %j', (body, expected) => {
    expect(memory.referencesOf(body)).toEqual(expected)
  })
})

describe('a body with what it points to in its place', () => {
  it('says what was said before', () => {
    const body = { model: 'm', input: 'And now?', previous_response_id: 'resp_1' }
    const resolved = memory.resolve(body, { earlier: [hi, hello], items: new Map() })
    const { conversation, wishes } = readResponses(resolved, {})
    expect(conversation.turns).toMatchObject([
      { role: 'user', parts: [{ text: 'hi' }] },
      { role: 'assistant', parts: [{ text: 'hello' }] },
      { role: 'user', parts: [{ text: 'And now?' }] },
    ])
    expect(wishes.echo['previous_response_id']).toBe('resp_1')
  })

  it('has the items themselves', () => {
    const body = { model: 'm', input: [hi, { type: 'item_reference', id: 'msg_1' }, { id: 'msg_2' }] }
    expect(memory.resolve(body, { earlier: [], items: new Map([['msg_1', hello]]) })).toEqual({
      model: 'm',
      input: [hi, hello, { id: 'msg_2' }],
    })
  })

  it('may have an answer in place that says nothing', () => {
    const body = { model: 'm', input: 'hi', previous_response_id: 'resp_1' }
    expect(readResponses(memory.resolve(body, nothing), {}).conversation.turns).toHaveLength(1)
  })

  it.each([undefined, null, 'hi', [hi]])('is left to be refused where it is none: %j', (body) => {
    expect(memory.resolve(body, nothing)).toBe(body)
  })

  it('is not changed itself', () => {
    const body = { model: 'm', input: [hi], previous_response_id: 'resp_1' }
    const before = JSON.stringify(body)
    memory.resolve(body, { earlier: [hello], items: new Map() })
    memory.inputOf(body, 'x')
    expect(JSON.stringify(body)).toBe(before)
  })
})

describe('what a body says itself', () => {
  it.each([
    ['hi', [{ ...hi, id: 'msg_x_0' }]],
    [[{ role: 'user', content: 'hi' }], [{ ...hi, id: 'msg_x_0' }]],
    [
      [hi, { type: 'function_call_output', id: 'fco_9', call_id: 'a', output: 'b' }],
      [
        { ...hi, id: 'msg_x_0' },
        { type: 'function_call_output', id: 'fco_x_1', call_id: 'a', output: 'b' },
      ],
    ],
    [[{ role: 'assistant', content: 'hello' }], [{ ...hello, id: 'msg_x_0' }]],
    [[{ type: 'xyz' }], [{ type: 'xyz', id: 'item_x_0' }]],
    [undefined, []],
  ])('is listed with ids: %j', (input, expected) => {
    expect(memory.inputOf({ model: 'm', input }, 'x')).toEqual(expected)
  })

  it('is what the model was told, once it is said again', () => {
    const body = {
      model: 'm',
      input: [{ role: 'user', content: 'hi' }, hello, { role: 'user', content: 'Go on.' }],
    }
    const again = { model: 'm', input: memory.inputOf(body, 'x') }
    expect(readResponses(again, {}).conversation).toEqual(readResponses(body, {}).conversation)
  })
})

describe('what an answer adds', () => {
  it('is its output', () => {
    expect(memory.outputOf({ output: [hello] })).toEqual([hello])
  })

  it('is nothing where there is none', () => {
    expect(memory.outputOf({})).toEqual([])
  })
})

it('takes bodies that nobody has checked', () => {
  const odd = fc.jsonValue({ maxDepth: 3 })
  const item = fc.oneof(odd, fc.record({ type: odd, id: odd, role: odd, content: odd }, { requiredKeys: [] }))
  const body = fc.oneof(odd, fc.record({ input: fc.oneof(odd, fc.array(item)), previous_response_id: odd }))
  fc.assert(
    fc.property(body, (unread) => {
      const { itemIds } = memory.referencesOf(unread)
      const items = new Map(itemIds.map((id) => [id, hello]))
      const resolved = memory.resolve(unread, { earlier: [hi], items })
      expect(memory.referencesOf(resolved)).toEqual({ itemIds: [] })
      const listed = memory.inputOf(resolved, 'x')
      expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length)
    }),
  )
})
