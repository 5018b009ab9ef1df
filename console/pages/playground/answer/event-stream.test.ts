import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEventStreamReader } from './event-stream.ts'

function readAll(pieces: readonly string[]) {
  const reader = createEventStreamReader()
  return pieces.flatMap((piece) => reader.push(piece))
}

describe('a server-sent stream', () => {
  it.each([
    ['one event', 'data: a\n\n', [{ name: '', data: 'a' }]],
    ['a name', 'event: x\ndata: a\n\n', [{ name: 'x', data: 'a' }]],
    ['several lines of data', 'data: a\ndata: b\n\n', [{ name: '', data: 'a\nb' }]],
    ['no blank behind the colon', 'data:a\n\n', [{ name: '', data: 'a' }]],
    ['one blank is no data, two are', 'data:  a\n\n', [{ name: '', data: ' a' }]],
    [
      'comments and fields that nobody knows',
      ': ping\nid: 7\nretry: 1\ndata: a\n\n',
      [{ name: '', data: 'a' }],
    ],
    ['a name without data', 'event: ping\n\ndata: a\n\n', [{ name: '', data: 'a' }]],
    [
      'carriage returns',
      'data: a\r\rdata: b\r\r',
      [
        { name: '', data: 'a' },
        { name: '', data: 'b' },
      ],
    ],
    ['both', 'event: x\r\ndata: a\r\n\r\n', [{ name: 'x', data: 'a' }]],
    ['a mark of its encoding', '\u{FEFF}data: a\n\n', [{ name: '', data: 'a' }]],
    ['a field alone', 'data\n\n', [{ name: '', data: '' }]],
    ['an end that is missing', 'data: a\n', []],
  ])('with %s', (_, text, events) => {
    expect(readAll([text])).toEqual(events)
    expect(readAll(text.split(''))).toEqual(events)
  })

  it('says the same wherever it is cut', () => {
    const line = fc.constantFrom('data: a', 'data: 你好 🚀', 'event: x', ': c', '', 'data:', 'dat')
    const end = fc.constantFrom('\n', '\r', '\r\n')
    const stream = fc.array(fc.tuple(line, end), { maxLength: 20 })
    fc.assert(
      fc.property(stream, fc.array(fc.nat(200), { maxLength: 12 }), (lines, cuts) => {
        const text = lines.flat().join('')
        const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)), text.length].toSorted(
          (a, b) => a - b,
        )
        const pieces = places.slice(1).map((place, index) => text.slice(places[index], place))
        expect(readAll(pieces)).toEqual(readAll([text]))
      }),
    )
  })
})
