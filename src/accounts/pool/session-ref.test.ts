import { describe, expect, it } from 'vitest'
import { createConversation, type Conversation, type Turn } from '../../conversation/conversation.ts'
import { sessionRefOf } from './session-ref.ts'

const scope = { owner: 'key-1', secret: new Uint8Array(32) }
const user = (text: string): Turn => ({ role: 'user', parts: [{ kind: 'text', text }] })
const assistant = (text: string): Turn => ({ role: 'assistant', parts: [{ kind: 'text', text }] })
const talk = (turns: Turn[], changes: Partial<Conversation> = {}) =>
  createConversation({ model: 'm', turns, ...changes })
const keyOf = (conversation: Conversation, changes: Partial<typeof scope> = {}) =>
  sessionRefOf(conversation, { ...scope, ...changes })?.key

describe('a conversation', () => {
  const opening = talk([user('Hello')])
  const grown = talk([user('Hello'), assistant('Hi'), user('And now?')])

  it('stays the same as it grows, and is no opening any more', () => {
    expect(keyOf(grown)).toBe(keyOf(opening))
    expect(sessionRefOf(opening, scope)?.isOpening).toBe(true)
    expect(sessionRefOf(grown, scope)?.isOpening).toBe(false)
  })

  it('with a key of the client is that one from its first request on, whatever it says', () => {
    const keyed = talk([user('Hello')], { affinityKey: 'abc' })
    expect(sessionRefOf(keyed, scope)?.isOpening).toBe(false)
    expect(keyOf(keyed)).toBe(keyOf(talk([user('Other')], { affinityKey: 'abc', system: 'S' })))
  })

  it.each<[string, Conversation, Partial<typeof scope>]>([
    ['its first words', talk([user('Hello!')]), {}],
    ['its system prompt', talk([user('Hello')], { system: 'S' }), {}],
    ['its key', talk([user('Hello')], { affinityKey: 'Hello' }), {}],
    ['its owner', opening, { owner: 'key-2' }],
    ['the secret', opening, { secret: new Uint8Array(32).fill(1) }],
    ['where the system prompt ends', talk([user('lo')], { system: 'Hel' }), {}],
    ['its length beyond what is hashed', talk([user(`Hello${' '.repeat(20_000)}`)]), {}],
  ])('is told from others by %s', (_, other, changes) => {
    expect(keyOf(other, changes)).not.toBe(keyOf(opening))
  })

  it('without a text of the user is none', () => {
    expect(sessionRefOf(talk([], { system: 'S' }), scope)).toBeUndefined()
    expect(sessionRefOf(talk([assistant('Hi')]), scope)).toBeUndefined()
  })

  it('leaves no word of it in its key', () => {
    expect(keyOf(talk([user('Hello')], { affinityKey: 'abc' }))).toMatch(/^[\da-f]{32}$/)
  })
})
