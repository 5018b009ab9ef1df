import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createConversation, type Turn } from './conversation.ts'

const text = (value: string) => ({ kind: 'text' as const, text: value })

const textsOf = (turns: readonly Turn[]) =>
  turns.flatMap(({ role, parts }) =>
    parts.flatMap((each) => (each.kind === 'text' && each.text !== '' ? [`${role}:${each.text}`] : [])),
  )

describe('createConversation', () => {
  it.each<[string, Turn[], Turn[]]>([
    [
      'merges neighbours of one role in order',
      [
        { role: 'user', parts: [text('a')] },
        { role: 'user', parts: [text('b')] },
        { role: 'assistant', parts: [text('c')] },
      ],
      [
        { role: 'user', parts: [text('a'), text('b')] },
        { role: 'assistant', parts: [text('c')] },
      ],
    ],
    [
      'leaves out empty texts, and merges what they separated',
      [
        { role: 'user', parts: [text('a')] },
        { role: 'assistant', parts: [text('')] },
        { role: 'user', parts: [text(''), text('b')] },
      ],
      [{ role: 'user', parts: [text('a'), text('b')] }],
    ],
  ])('%s', (_, turns, expected) => {
    expect(createConversation({ model: 'm', turns }).turns).toEqual(expected)
  })

  it('leaves the turns it was given as they were', () => {
    const turns: Turn[] = [
      { role: 'user', parts: [text('a')] },
      { role: 'user', parts: [text('b')] },
    ]
    createConversation({ model: 'm', turns })
    expect(turns).toEqual([
      { role: 'user', parts: [text('a')] },
      { role: 'user', parts: [text('b')] },
    ])
  })

  it('always alternates roles, keeps every text, and knows no empty turn', () => {
    const part = fc.string({ maxLength: 3 }).map(text)
    const turn: fc.Arbitrary<Turn> = fc.oneof(
      fc.array(part, { maxLength: 3 }).map((parts): Turn => ({ role: 'user', parts })),
      fc.array(part, { maxLength: 3 }).map((parts): Turn => ({ role: 'assistant', parts })),
    )
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 12 }), (turns) => {
        const made = createConversation({ model: 'm', turns }).turns
        expect(made.every(({ parts }) => parts.length > 0)).toBe(true)
        expect(made.some(({ role }, index) => role === made[index + 1]?.role)).toBe(false)
        expect(textsOf(made)).toEqual(textsOf(turns))
      }),
    )
  })
})
