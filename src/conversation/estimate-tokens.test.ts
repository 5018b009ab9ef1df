import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createConversation, type Turn } from './conversation.ts'
import {
  createTokenTally,
  estimateInputTokens,
  estimateTokens,
  estimateTokensOfAll,
} from './estimate-tokens.ts'

const english = 'The quick brown fox jumps over the lazy dog, and then it sleeps in the warm afternoon sun.\n'
const chinese = '网关会为每个账号单独刷新令牌；如果刷新失败，该账号将暂停使用，直到管理员重新登录。\n'
const code = 'export function add(left: number, right: number): number {\n  return left + right\n}\n'
const json = '{"type":"tool_result","tool_use_id":"toolu_01","content":[{"type":"text","text":"ok"}]}\n'

describe('the estimate of a text', () => {
  it.each([
    ['nothing', '', 0],
    ['a letter', 'a', 1],
    ['a blank', ' ', 1],
    ['a line break', '\n', 1],
    ['a word', 'service', 1],
    ['a half of a character', '\ud83d', 1],
  ])('is at least one token, except for nothing: %s', (_, text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens)
  })

  // The tokens are those of OpenAI's o200k vocabulary.
  it.each([
    ['English', english, 20, 1.1],
    ['Chinese', chinese, 27, 1.2],
    ['code', code, 20, 1.1],
    ['JSON', json, 27, 1.1],
  ])('is near the tokens of a known vocabulary, times what Claude is guessed to need: %s', (...sample) => {
    const [, text, tokens, factor] = sample
    const ratio = estimateTokens(text.repeat(20)) / (tokens * factor * 20)
    expect(ratio).toBeGreaterThan(0.8)
    expect(ratio).toBeLessThan(1.2)
  })

  it('never shrinks when the text grows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, more) => {
        expect(estimateTokens(text + more)).toBeGreaterThanOrEqual(estimateTokens(text))
      }),
    )
  })

  it('looks at parts of a long prompt only, and comes out near the whole, however its texts are cut', () => {
    const texts = Array.from({ length: 400 }, (_, index) =>
      [english, chinese, code, json].map((text) => text.repeat((index % 7) + 1)).join(''),
    )
    const whole = texts.reduce((tokens, text) => tokens + estimateTokens(text), 0)
    expect(estimateTokensOfAll(texts) / whole).toBeCloseTo(1, 1)
    expect(estimateTokens(texts.join(''))).toBe(estimateTokens(texts.join('')))
    expect(estimateTokens(texts.join('')) / whole).toBeCloseTo(1, 1)
  })

  it('goes on without a leap where the parts begin', () => {
    const text = code.repeat(1000).slice(0, 65_536)
    expect(estimateTokens(`${text}x`) / estimateTokens(text)).toBeCloseTo(1, 2)
  })
})

describe('a tally', () => {
  it('counts pieces as if they came whole', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (pieces) => {
        const tally = createTokenTally()
        for (const piece of pieces) tally.add(piece)
        expect(tally.tokens()).toBe(estimateTokens(pieces.join('')))
      }),
    )
  })

  it('tells what a text would add, without adding it', () => {
    const tally = createTokenTally()
    tally.add(english)
    expect(tally.tokensWith(chinese)).toBe(estimateTokens(english + chinese))
    expect(tally.tokens()).toBe(estimateTokens(english))
  })
})

const tokensOf = (turns: Turn[]) => estimateInputTokens(createConversation({ model: 'm', turns }))

describe('the estimate of a prompt', () => {
  const image = { kind: 'image', format: 'png', base64: 'AAAA' } as const

  it('is zero for an empty conversation', () => {
    expect(tokensOf([])).toBe(0)
  })

  it.each<[string, Turn]>([
    ['a text', { role: 'user', parts: [{ kind: 'text', text: english }] }],
    [
      'a tool call',
      { role: 'assistant', parts: [{ kind: 'tool-use', id: 'a', name: 'ls', input: { a: 1 } }] },
    ],
    [
      "a tool's result",
      {
        role: 'user',
        parts: [
          { kind: 'tool-result', toolUseId: 'a', content: [{ kind: 'text', text: code }], failed: false },
        ],
      },
    ],
  ])('counts %s', (_, turn) => {
    expect(tokensOf([turn])).toBeGreaterThan(0)
  })

  it('counts the system prompt and the tools', () => {
    const tool = { name: 'list', description: english, inputSchema: { type: 'object' } }
    const base = createConversation({ model: 'm', turns: [], system: chinese })
    expect(estimateInputTokens(base)).toBe(estimateTokens(chinese))
    expect(estimateInputTokens({ ...base, tools: [tool] })).toBeGreaterThan(
      estimateTokens(chinese) + estimateTokens(english),
    )
  })

  it("takes a call's input as the model wrote it, where that is known", () => {
    const call = { kind: 'tool-use', id: 'a', name: 'ls', input: { a: 1 } } as const
    const inputText = `{ "a": 1,${' '.repeat(9)}"b": 12345678901234567890 }`
    const known = tokensOf([{ role: 'assistant', parts: [{ ...call, inputText }] }])
    expect(known).toBe(estimateTokens(`ls ${inputText}`))
  })

  it('leaves earlier thinking out', () => {
    const parts = [
      { kind: 'thinking', text: english } as const,
      { kind: 'redacted-thinking', data: 'AAAA' } as const,
    ]
    expect(tokensOf([{ role: 'assistant', parts }])).toBe(0)
  })

  it('gives an image a flat price, also inside a tool result', () => {
    const result = { kind: 'tool-result', toolUseId: 'a', content: [image], failed: false } as const
    expect(tokensOf([{ role: 'user', parts: [image] }])).toBe(1_500)
    expect(tokensOf([{ role: 'user', parts: [{ ...result, content: [...result.content] }] }])).toBe(1_500)
  })

  it('counts a document by the bytes behind its base64', () => {
    const document = { kind: 'document', name: 'a', format: 'txt', base64: 'A'.repeat(16) } as const
    expect(tokensOf([{ role: 'user', parts: [document] }])).toBe(3)
  })
})
