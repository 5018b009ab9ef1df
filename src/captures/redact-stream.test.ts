import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nothingHidden } from './captured-body.ts'
import { redactStream } from './redact-stream.ts'

const SECRET = 'sk-canary0123456789'
const streamOf = (pieces: readonly string[]) =>
  pieces.map((text) => `event: delta\ndata: ${JSON.stringify({ id: 'x', delta: { text } })}\n\n`).join('')

describe('a stream of events', () => {
  it('stays as it is without a secret', () => {
    const stream = `: ping\n\n${streamOf(['a', 'b'])}data: [DONE]\n\n`
    expect(redactStream(stream, nothingHidden())).toBe(stream)
  })

  it('loses a secret wherever it was cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(SECRET.length), { maxLength: 5 }), (cuts) => {
        const ends = [0, ...cuts.toSorted((a, b) => a - b), SECRET.length]
        const pieces = ends.slice(1).map((end, index) => SECRET.slice(ends[index], end))
        const clean = redactStream(streamOf(['It is ', ...pieces, ' they say']), nothingHidden())
        const told = [...clean.matchAll(/"text":"([^"]*)"/g)].map(([, text]) => text).join('')
        expect(told).toBe('It is [redacted] they say')
        expect(clean.split('\n').length).toBe(streamOf(['', ...pieces, '']).split('\n').length)
      }),
    )
  })

  it('loses one in what is no JSON', () => {
    expect(redactStream(`data: {"a": "${SECRET}`, nothingHidden())).not.toContain('canary')
  })

  it('loses one that is a name, and nothing else of its event', () => {
    const clean = redactStream(`data: {"pins":{"${SECRET}":5},"delta":"a"}\n\n`, nothingHidden())
    expect(clean).toBe('data: {"pins":{"[redacted]":5},"delta":"a"}\n\n')
  })

  it('loses what it repeats of a request where that is secret by its name, or a picture', () => {
    const hidden = nothingHidden()
    const picture = 'iVBORw0KGgo'.repeat(300)
    const event = {
      tools: [{ type: 'mcp', authorization: 'canary', headers: { 'X-Mine': 'canary' } }],
      metadata: { apiKey: 'canary', place: 'here' },
      image: { type: 'base64', media_type: 'image/png', data: picture },
    }
    const clean = redactStream(`event: begun\ndata: ${JSON.stringify(event)}\n\n`, hidden)
    expect(clean).not.toContain('canary')
    expect(clean).toContain('"metadata":{"apiKey":"[redacted]","place":"here"}')
    expect(clean).toContain('[image/png, 3300 characters, left out]')
    expect(hidden).toEqual({ secrets: 0, fields: 3, media: 1 })
  })
})
