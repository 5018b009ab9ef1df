import { describe, expect, it } from 'vitest'
import { createConversation } from '../../conversation/conversation.ts'
import type { Turn } from '../../conversation/conversation.ts'
import { conversationIdOf } from './conversation-id.ts'

const turn = (role: Turn['role'], text: string): Turn => ({ role, parts: [{ kind: 'text', text }] })
const base = createConversation({ model: 'm', turns: [turn('user', 'hi')] })

describe('conversationIdOf', () => {
  it('is a UUID of version 5', () => {
    expect(conversationIdOf(base)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  })

  it('stays the same while the conversation grows', () => {
    const turns = [...base.turns, turn('assistant', 'hello'), turn('user', 'more')]
    expect(conversationIdOf({ ...base, turns })).toBe(conversationIdOf(base))
  })

  it.each([
    ['system prompts', { ...base, system: 'hi' }],
    ['keys', { ...base, affinityKey: 'hi' }],
    ['first texts', { ...base, turns: [turn('user', 'hello')] }],
  ])('differs with different %s', (_name, other) => {
    expect(conversationIdOf(other)).not.toBe(conversationIdOf(base))
  })
})
