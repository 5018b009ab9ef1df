import { describe, expect, it } from 'vitest'
import { createChatStreamReader } from './chat-stream-reader.ts'

const chunk = (delta: object, finishReason: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finishReason }] })}\n\n`
const head = chunk({ role: 'assistant', content: '' })
const end = chunk({}, 'stop')
const done = 'data: [DONE]\n\n'

function read(text: string, pieceBytes = Infinity) {
  const texts: string[] = []
  const reader = createChatStreamReader((each) => texts.push(each))
  const bytes = Buffer.from(text)
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    reader.push(bytes.subarray(start, start + pieceBytes))
  }
  return { text: texts.join(''), complaint: reader.end() }
}

describe('createChatStreamReader', () => {
  it.each([1, 3, Infinity])('reads a stream in pieces of %d bytes', (pieceBytes) => {
    const stream =
      head + chunk({ content: 'Grö' }) + ': keep-alive\n\n' + chunk({ content: '😀' }) + end + done
    expect(read(stream, pieceBytes)).toEqual({ text: 'Grö😀', complaint: undefined })
  })

  it.each([
    ['without an end', head + end, '[DONE] is missing'],
    ['without a finish reason', head + done, 'the finish reason is absent'],
    ['that was cut by length', head + chunk({}, 'length') + done, 'the finish reason is length'],
    ['that breaks off inside an event', head + end + done + 'data: {', 'the last event is cut'],
    ['that goes on after its end', head + end + done + end, 'something follows [DONE]'],
    ['with an error', head + 'data: {"error":{}}\n\n' + end + done, 'a chunk has no choices'],
    ['with an event of another kind', 'event: x\n\n', 'an event is not understood: event: x'],
  ])('complains of a stream %s', (_, stream, complaint) => {
    expect(read(stream).complaint).toBe(complaint)
  })

  it('refuses bytes that are no text', () => {
    const reader = createChatStreamReader(() => {})
    expect(() => reader.push(Buffer.from([0xff, 0xfe]))).toThrow(TypeError)
  })
})
