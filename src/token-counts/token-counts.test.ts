import { describe, expect, it } from 'vitest'
import { createConversation, type Tool } from '../conversation/conversation.ts'
import { estimateInputTokens } from '../conversation/estimate-tokens.ts'
import type { Counts } from './counting-queue.ts'
import { createTokenCounts } from './token-counts.ts'

/** A queue that counts characters, or what it is told to. */
function openCounts({ multiplier = 1, answer = lengthsOf }: { multiplier?: number; answer?: Answer } = {}) {
  const batches: (readonly string[])[] = []
  const queue = {
    async count(texts: readonly string[]) {
      batches.push(texts)
      return answer(texts)
    },
    close: async () => {},
  }
  return { batches, counts: createTokenCounts({ queue, multiplier }) }
}

type Answer = (texts: readonly string[]) => Counts | undefined
const lengthsOf: Answer = (texts) => texts.map((text) => text.length)

function asking(text: string, tools: Tool[] = []) {
  return createConversation({
    model: 'm',
    turns: [{ role: 'user', parts: [{ kind: 'text', text }] }],
    tools,
  })
}

const tools = ['read', 'write'].map((name) => ({ name, description: name, inputSchema: {} }))
const image = { kind: 'image', format: 'png', base64: 'AAAA' } as const

describe('the count of a prompt', () => {
  it('is the sum of its parts and tools, with what has a fixed price', async () => {
    const conversation = createConversation({
      model: 'm',
      system: 'abc',
      turns: [{ role: 'user', parts: [{ kind: 'text', text: '12345' }, image] }],
    })
    expect(await openCounts().counts.inputTokensOf(conversation)).toBe(1508)
  })

  it.each([
    [1, 10],
    [1.5, 15],
    [0.01, 1],
  ])('times %s is %s', async (multiplier, tokens) => {
    const { counts } = openCounts({ multiplier })
    expect(await counts.inputTokensOf(asking('0123456789'))).toBe(tokens)
  })

  it('is rounded once, not for each part', async () => {
    const { counts } = openCounts({ answer: (texts) => texts.map(() => 1.3) })
    expect(await counts.inputTokensOf(asking('a', tools))).toBe(4)
  })

  it('counts again only what is new', async () => {
    const { batches, counts } = openCounts()
    await counts.inputTokensOf(asking('one', tools))
    const again = await counts.inputTokensOf(asking('two', tools))
    expect(batches.map((texts) => texts.length)).toEqual([3, 1])
    expect(batches[1]).toEqual(['two'])
    expect(again).toBe(await openCounts().counts.inputTokensOf(asking('two', tools)))
  })

  it('counts at once what is asked twice at the same time', async () => {
    const { batches, counts } = openCounts()
    const answers = await Promise.all(
      [0, 1, 2].map(() => counts.inputTokensOf(asking('one', [...tools, ...tools]))),
    )
    expect(new Set(answers).size).toBe(1)
    expect(batches.map((texts) => texts.length)).toEqual([3])
  })

  it('forgets the oldest when there is too much to remember', async () => {
    const { batches, counts } = openCounts()
    await counts.inputTokensOf(asking('old'))
    for (let index = 0; index < 4000; index += 1) await counts.inputTokensOf(asking(`${index}`))
    await counts.inputTokensOf(asking('3999'))
    expect(batches).toHaveLength(4001)
    await counts.inputTokensOf(asking('old'))
    expect(batches).toHaveLength(4002)
  })
})

describe('where the queue cannot count, the prompt', () => {
  it('is estimated, with the same factor', async () => {
    const conversation = asking('Some words of a prompt.', tools)
    const estimate = estimateInputTokens(conversation)
    const { counts } = openCounts({ multiplier: 2, answer: () => undefined })
    expect((await counts.inputTokensOf(conversation)) / (2 * estimate)).toBeCloseTo(1, 5)
  })

  it('is counted when it is asked for again', async () => {
    const answers: Answer[] = [() => undefined, lengthsOf]
    const { counts } = openCounts({ answer: (texts) => answers.shift()?.(texts) })
    await counts.inputTokensOf(asking('0123456789'.repeat(50)))
    expect(await counts.inputTokensOf(asking('0123456789'.repeat(50)))).toBe(500)
  })

  it.each([
    ['is beyond any window', asking('a'.repeat(4_000_001))],
    [
      'has very many parts',
      asking(
        '',
        Array.from({ length: 4001 }, (): Tool => ({ name: 'a', description: '', inputSchema: {} })),
      ),
    ],
  ])('is not sent when it %s', async (_, conversation) => {
    const { batches, counts } = openCounts()
    expect(await counts.inputTokensOf(conversation)).toBe(estimateInputTokens(conversation))
    expect(batches).toEqual([])
  })
})
