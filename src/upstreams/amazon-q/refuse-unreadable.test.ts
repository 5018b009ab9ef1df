import { describe, expect, it } from 'vitest'
import { createConversation } from '../../conversation/conversation.ts'
import type { DocumentFormat, Turn, UserPart } from '../../conversation/conversation.ts'
import { sampleModel } from '../../../test/sample-model.ts'
import { catalogue } from './catalogue.ts'
import { refuseUnreadable } from './refuse-unreadable.ts'

const image: UserPart = { kind: 'image', format: 'png', base64: 'iVBORw0KGgo=' }
const link: UserPart = { kind: 'image-link', url: 'https://a/b.png', field: 'messages.0.content.0' }
const document = (format: DocumentFormat, base64 = 'aGk='): UserPart => ({
  kind: 'document',
  name: 'a',
  format,
  base64,
  field: 'messages.0.content.1',
})
const text: UserPart = { kind: 'text', text: 'hi' }
const resultOf = (piece: UserPart): UserPart => ({
  kind: 'tool-result',
  toolUseId: 'a',
  content: piece.kind === 'tool-result' ? [] : [piece],
  failed: false,
})
const user = (...parts: UserPart[]): Turn => ({ role: 'user', parts })
const answer: Turn = { role: 'assistant', parts: [{ kind: 'text', text: 'ok' }] }

const blind = { ...sampleModel, takesImages: false }
const reader = { ...sampleModel, takesDocuments: true }
const tooLarge = 'A'.repeat(6_000_001)

function refusing(turns: Turn[], model = sampleModel) {
  return () => refuseUnreadable(createConversation({ model: 'm', turns }), model, catalogue)
}

describe('what the model cannot read and has to answer', () => {
  it.each<[string, Turn[], typeof sampleModel, object]>([
    ['an image for a model of text', [user(image)], blind, { field: 'model' }],
    ['a link to one', [user(link)], blind, { field: 'model' }],
    [
      'S19: a link that nobody followed',
      [user(link)],
      sampleModel,
      { field: 'messages.0.content.0', code: 'invalid_image_url' },
    ],
    [
      'a PDF for a model that reads none',
      [user(document('pdf'))],
      sampleModel,
      {
        field: 'messages.0.content.1',
        message: expect.stringMatching(
          /^messages\.0\.content\.1: This model reads no pdf documents\. .*: [^,]+, [^,]+, [^,]+\.$/,
        ),
      },
    ],
    [
      'six PDFs',
      [user(...[1, 2, 3, 4, 5, 6].map(() => document('pdf')))],
      reader,
      { message: expect.stringContaining('at most 5 documents') },
    ],
    [
      'a document that is too large',
      [user(document('pdf', tooLarge))],
      reader,
      { message: expect.stringContaining('at most 4.5 MB') },
    ],
    [
      'a text that is too large',
      [user(document('txt', tooLarge))],
      sampleModel,
      { message: expect.stringContaining('at most 4.5 MB') },
    ],
    [
      'a text that is not UTF-8',
      [user(document('csv', '/w=='))],
      sampleModel,
      { message: expect.stringContaining('not UTF-8') },
    ],
  ])('%s is refused', (_name, turns, model, failure) => {
    expect(refusing(turns, model)).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({ kind: 'invalid-request', ...failure }),
      }),
    )
  })

  it.each<[string, Turn[], typeof sampleModel]>([
    ['an image of an earlier turn', [user(image), answer, user(text)], blind],
    ['S19: a link of an earlier turn', [user(link), answer, user(text)], sampleModel],
    ['an image in a result', [user(resultOf(image))], blind],
    ['an image in a result, after which the user went on', [user(resultOf(image), text)], blind],
    ['an image beside a result', [user(resultOf(text), image)], blind],
    ['a link in a result', [user(resultOf(link))], sampleModel],
    ['a PDF in a result', [user(resultOf(document('pdf')))], sampleModel],
    ['a PDF beside a result', [user(resultOf(text), document('pdf'), text)], sampleModel],
    ['a text in a result that is not UTF-8', [user(resultOf(document('csv', '/w==')))], sampleModel],
    ['a link of an earlier turn, for a model of text', [user(link), answer, user(text)], blind],
    ['an image for a model that sees', [user(image)], sampleModel],
    ['a PDF of an earlier turn', [user(document('pdf')), answer, user(text)], sampleModel],
    ['a PDF for a model that reads them', [user(document('pdf'))], reader],
    ['a text, which is written out', [user(document('txt'))], sampleModel],
    ['many texts', [user(...[1, 2, 3, 4, 5, 6, 7].map(() => document('md')))], reader],
    [
      'five PDFs after others',
      [user(document('pdf')), answer, user(...[1, 2, 3, 4, 5].map(() => document('pdf')))],
      reader,
    ],
    ['an answer at the end', [user(document('pdf')), answer], sampleModel],
  ])('%s is not refused', (_name, turns, model) => {
    expect(refusing(turns, model)).not.toThrow()
  })
})

const turnsOf = (count: number) =>
  Array.from({ length: count }, (_each, index): Turn => (index % 2 === 0 ? user(text) : answer))

describe('the length of a conversation', () => {
  it('may be what the official client sends', () => {
    expect(refusing(turnsOf(10_001))).not.toThrow()
  })

  it('is refused above that, in words by which clients know to shorten it', () => {
    expect(refusing(turnsOf(10_003))).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({
          kind: 'context-too-long',
          message: expect.stringMatching(/^prompt is too long: 10003 messages > 10001 maximum/),
        }),
      }),
    )
  })
  it.each([
    ['before one that begins with the assistant', [answer, ...turnsOf(10_001)]],
    ['behind one that ends with the assistant', turnsOf(10_002)],
  ])('counts what the user is made to say %s', (_name, turns) => {
    expect(refusing(turns)).toThrow(/^prompt is too long: 10003 messages/)
  })
})
