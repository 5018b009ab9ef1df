import { describe, expect, it } from 'vitest'
import { createConversation } from './conversation.ts'
import { estimateInputTokens, estimateTokens } from './estimate-tokens.ts'

describe('estimateTokens', () => {
  it.each([
    ['', 0],
    ['a', 1],
    ['four', 1],
    ['fives', 2],
    ['你好', 2],
    ['😀😀', 2],
    ['x'.repeat(1_000_000), 250_000],
  ])('counts a quarter of the UTF-8 bytes of %j, rounded up', (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens)
  })
})

describe('estimateInputTokens', () => {
  const turns = createConversation({ model: 'm', turns: [] }).turns
  const base = createConversation({ model: 'm', turns })

  it('is zero for an empty conversation', () => {
    expect(estimateInputTokens(base)).toBe(0)
  })

  it('counts the system prompt, every kind of part and the tools', () => {
    const conversation = createConversation({
      model: 'm',
      system: 'abcd',
      turns: [
        { role: 'user', parts: [{ kind: 'text', text: 'abcd' }] },
        {
          role: 'assistant',
          parts: [
            { kind: 'thinking', text: 'not counted' },
            { kind: 'tool-use', id: 'a', name: 'list', input: { a: 12 } },
          ],
        },
        {
          role: 'user',
          parts: [
            { kind: 'tool-result', toolUseId: 'a', content: [{ kind: 'text', text: 'abcd' }], failed: false },
          ],
        },
      ],
      tools: [{ name: 'list', description: 'abcd', inputSchema: { a: 12 } }],
    })
    expect(estimateInputTokens(conversation)).toBe(1 + 1 + (1 + 2) + 1 + (1 + 1 + 2))
  })

  it('gives an image a flat price, also inside a tool result', () => {
    const image = { kind: 'image', format: 'png', base64: 'AAAA' } as const
    const plain = createConversation({ model: 'm', turns: [{ role: 'user', parts: [image] }] })
    const nested = createConversation({
      model: 'm',
      turns: [
        { role: 'user', parts: [{ kind: 'tool-result', toolUseId: 'a', content: [image], failed: false }] },
      ],
    })
    expect(estimateInputTokens(plain)).toBe(1_500)
    expect(estimateInputTokens(nested)).toBe(1_500)
  })

  it('counts a document by the bytes behind its base64', () => {
    const document = { kind: 'document', name: 'a', format: 'txt', base64: 'A'.repeat(16) } as const
    const conversation = createConversation({ model: 'm', turns: [{ role: 'user', parts: [document] }] })
    expect(estimateInputTokens(conversation)).toBe(3)
  })
})
