import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { images } from '../../test/sample-images.ts'
import type {
  TextPart,
  ToolResultPart,
  ToolResultPiece,
  Turn,
  UserPart,
} from '../conversation/conversation.ts'
import { createMediaIntake } from './media-intake.ts'

const assistant: Turn = { role: 'assistant', parts: [{ kind: 'text', text: 'ok' }] }
const user = (...parts: UserPart[]): Turn => ({ role: 'user', parts })
const text = (words: string): TextPart => ({ kind: 'text', text: words })
const resultOf = (...content: ToolResultPiece[]): ToolResultPart => ({
  kind: 'tool-result',
  toolUseId: 't',
  content,
  failed: false,
})
const leftOut: TextPart = {
  kind: 'text',
  text: '[An earlier image stood here. It is no longer sent, as newer ones took its place.]',
}

function intake() {
  const taken = createMediaIntake()
  return {
    fit: (turns: Turn[]) => taken.fit(turns),
    link: (name: string) => taken.readUrl('https://example.com/a.png', { field: name, element: 'link' }),
    take: (count: number, name: string) =>
      Array.from({ length: count }, (_, index) =>
        taken.readBase64(images.png, { field: `${name}.${index}`, element: 'image' }),
      ),
    broken: (field: string) => taken.readBase64('AAAA', { field, element: 'image' }),
    brokenUrl: (field: string) => taken.readUrl('file:///a.png', { field, element: 'link' }),
    brokenDocument: (field: string) => taken.readDocument({ base64: '~', name: 'a.pdf', field }, 'document'),
  }
}

/** How many of the oldest became a note, turn by turn. */
const countsOf = (turns: Turn[]) =>
  turns
    .filter(({ role }) => role === 'user')
    .map(({ parts }) => parts.filter(({ kind }) => kind === 'text').length)

describe('the images of a request', () => {
  it('stay as they are up to ten', () => {
    const { fit, take } = intake()
    const turns = [user(...take(5, 'a')), assistant, user(...take(5, 'b'))]
    expect(fit(turns)).toEqual({ turns, leftOut: [] })
  })

  it('stay as they are up to twenty in the last turn', () => {
    const { fit, take } = intake()
    const turns = [user(...take(20, 'a'))]
    expect(fit(turns)).toEqual({ turns, leftOut: [] })
  })

  it('are refused by the first one too many of the last turn, links counted', () => {
    const { fit, take, link } = intake()
    const turns = [assistant, user(...take(14, 'before'), link('link'), ...take(8, 'after'))]
    const failure = {
      kind: 'invalid-request',
      field: 'after.5',
      code: 'invalid_value',
      message: expect.stringMatching(/^after\.5: A message takes at most 20 images/),
    }
    expect(() => fit(turns)).toThrow(expect.objectContaining({ failure }))
  })

  it('are the latest twenty of a turn with results of tools', () => {
    const { fit, take, link } = intake()
    const ofResult = take(14, 'result')
    const after = take(8, 'after')
    expect(fit([assistant, user(resultOf(link('link'), ...ofResult), ...after)])).toEqual({
      turns: [assistant, user(resultOf(leftOut, leftOut, leftOut, ...ofResult.slice(2)), ...after)],
      leftOut: ['link', 'image'],
    })
  })

  it('leave out the oldest five of earlier turns, also in tool results, and links', () => {
    const { fit, take, link } = intake()
    const linked = link('link')
    const [first, second, ...others] = take(8, 'a')
    const marked = others[0]
    if (first === undefined || second === undefined || marked === undefined) throw new Error('No images.')
    marked.cacheMark = { ttl: '1h' }
    const last = take(2, 'c')
    const result = resultOf(second, ...others)
    const turns: Turn[] = [
      user(linked, first),
      assistant,
      { role: 'user', parts: [result] },
      assistant,
      user(...last),
    ]
    expect(fit(turns)).toEqual({
      turns: [
        user(leftOut, leftOut),
        assistant,
        {
          role: 'user',
          parts: [
            {
              ...result,
              content: [leftOut, { ...leftOut, cacheMark: { ttl: '1h' } }, leftOut, ...others.slice(2)],
            },
          ],
        },
        assistant,
        user(...last),
      ],
      leftOut: ['link', 'image'],
    })
  })

  it.each([
    ['ten of the last turn leave none of the earlier', [3, 10], [3, 0]],
    ['more of the last turn leave none of the earlier', [30, 11], [30, 0]],
    ['those of the last turn stay even when a step would take them', [1, 10], [1, 0]],
    ['a turn of the model at the end makes all earlier', [11, 0], [5, 0]],
  ])('are thinned so that %s', (_, counts, expected) => {
    const { fit, take } = intake()
    const turns = counts.map((count): Turn => (count === 0 ? assistant : user(...take(count, 'a'))))
    const kept = fit(turns).turns
    expect(kept.map((turn) => countsOf([turn])[0] ?? 0)).toEqual(expected)
  })

  it('are thinned in steps, so that a growing session keeps its beginning most of the time', () => {
    const { fit, take } = intake()
    const session: Turn[] = []
    const leftOutAfterEach = Array.from({ length: 22 }, () => {
      session.push(user(...take(1, 'a')), assistant)
      return countsOf(fit(session.slice(0, -1)).turns).reduce((sum, count) => sum + count, 0)
    })
    expect(leftOutAfterEach).toEqual([
      ...Array.from({ length: 10 }, () => 0),
      ...Array.from({ length: 5 }, () => 5),
      ...Array.from({ length: 5 }, () => 10),
      ...Array.from({ length: 2 }, () => 15),
    ])
  })

  it('never come back once left out, and are at most ten unless the last turn alone has more', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 }), { maxLength: 12 }), (counts) => {
        const { fit, take } = intake()
        const session: Turn[] = []
        let before = 0
        for (const [index, count] of counts.entries()) {
          session.push(user(...take(count, 'a')))
          const { turns } = fit(session)
          const gone = countsOf(turns)
          const total = gone.reduce((sum, each) => sum + each, 0)
          const kept = counts.slice(0, index + 1).reduce((sum, each) => sum + each, 0) - total
          expect(total).toBeGreaterThanOrEqual(before)
          expect(kept).toBeLessThanOrEqual(Math.max(10, count))
          expect(gone.at(-1)).toBe(0)
          before = total
          session.push(assistant)
        }
      }),
    )
  })
})

describe('what cannot be read', () => {
  const noImage = text('[An image is left out here, as it cannot be seen.]')
  const noDocument = text('[The document "a.pdf" is left out here.]')

  it.each<[string, (taken: ReturnType<typeof intake>) => UserPart, string]>([
    ['an image', ({ broken }) => broken('at'), 'Input should be an image in PNG'],
    ['an address', ({ brokenUrl }) => brokenUrl('at'), 'This is no base64 data URL'],
    ['a document', ({ brokenDocument }) => brokenDocument('at'), 'Input should be base64'],
  ])('is refused by its path when it was just attached: %s', (_, take, message) => {
    const taken = intake()
    const turns = [user(text('a')), assistant, user(text('b'), take(taken), taken.broken('later'))]
    expect(() => taken.fit(turns)).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({
          kind: 'invalid-request',
          field: 'at',
          message: expect.stringMatching(`^at: ${message}`),
        }),
      }),
    )
  })

  it.each<[string, (...media: ToolResultPiece[]) => Turn[]]>([
    ['in an earlier turn', (...media) => [user(...media), assistant, user(text('go on'))]],
    ['in an earlier result of a tool', (...media) => [user(resultOf(...media)), assistant, user(text('a'))]],
    ['in the result of a tool', (...media) => [assistant, user(resultOf(...media))]],
    [
      'in the result of a tool, after which the user went on',
      (...media) => [user(resultOf(...media), text('a'))],
    ],
    ['beside the result of a tool', (...media) => [assistant, user(resultOf(), ...media, text('a'))]],
    ['before a turn of the model', (...media) => [user(...media), assistant]],
  ])('is noted where it stood, and named, when it stands %s', (_, tell) => {
    const { fit, broken, brokenUrl, brokenDocument, take } = intake()
    const marked = Object.assign(broken('a'), { cacheMark: { ttl: '1h' as const } })
    const [image] = take(1, 'b')
    if (image === undefined) throw new Error('No image.')
    expect(fit(tell(text('see'), marked, image, brokenUrl('c'), brokenDocument('d')))).toEqual({
      turns: tell(text('see'), { ...noImage, cacheMark: { ttl: '1h' } }, image, noImage, noDocument),
      leftOut: ['image', 'link', 'document'],
    })
  })

  it('does not count as an image', () => {
    const { fit, broken, take } = intake()
    const ten = take(10, 'a')
    const turns = [user(...ten, broken('b')), assistant, user(text('a'))]
    expect(fit(turns).turns[0]).toEqual(user(...ten, noImage))
  })
})
