import { describe, expect, it } from 'vitest'
import { createConversation, type Thinking } from '../conversation/conversation.ts'
import { heedName } from './heed-name.ts'

const models = { asksToThink: (name: string) => name === 'deep' }
const heed = (model: string, thinking: Thinking) =>
  heedName(createConversation({ model, turns: [], thinking }), models).thinking

describe('heedName', () => {
  it('lets a model think whose name asks for it', () => {
    expect(heed('deep', { kind: 'default' })).toEqual({ kind: 'adaptive', shown: true })
  })

  it.each<[string, Thinking]>([
    ['plain', { kind: 'default' }],
    ['deep', { kind: 'off' }],
    ['deep', { kind: 'budget', budgetTokens: 2000, shown: false }],
    ['deep', { kind: 'adaptive', shown: false }],
  ])('leaves %s with %o as the client wants it', (model, thinking) => {
    expect(heed(model, thinking)).toEqual(thinking)
  })
})
