import { describe, expect, it } from 'vitest'
import { createEventStreamDecoder } from './event-stream.ts'

/** Made with the official codec; headers `:message-type`, `:event-type` or `:exception-type`, `:content-type`. */
const VECTORS = [
  {
    hex: '0000007c0000005c3bddcf780d3a6d6573736167652d747970650700056576656e740b3a6576656e742d74797065070016617373697374616e74526573706f6e73654576656e740d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b22636f6e74656e74223a224869227d09f66f51',
    frame: { messageType: 'event', name: 'assistantResponseEvent', payload: '{"content":"Hi"}' },
  },
  {
    hex: '0000008c000000529451b2220d3a6d6573736167652d747970650700056576656e740b3a6576656e742d7479706507000c746f6f6c5573654576656e740d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b22746f6f6c5573654964223a227431222c226e616d65223a226c73222c2273746f70223a747275657d76d7e8ca',
    frame: {
      messageType: 'event',
      name: 'toolUseEvent',
      payload: '{"toolUseId":"t1","name":"ls","stop":true}',
    },
  },
  {
    hex: '000000720000005314526c880d3a6d6573736167652d74797065070009657863657074696f6e0f3a657863657074696f6e2d747970650700056572726f720d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b226d657373616765223a2278227d904c9e06',
    frame: { messageType: 'exception', name: 'error', payload: '{"message":"x"}' },
  },
  { hex: '000000100000000005c248eb7d98c8ff', frame: { messageType: 'event', name: '', payload: '' } },
] as const

describe('an event-stream decoder', () => {
  it.each(VECTORS)('reads the official vector $frame.name, however it is cut', ({ hex, frame }) => {
    const bytes = Buffer.from(hex, 'hex')
    for (let cut = 0; cut <= bytes.length; cut++) {
      const decoder = createEventStreamDecoder()
      const frames: unknown[] = []
      for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
        decoder.push(piece, ({ payload, ...rest }) => frames.push({ ...rest, payload: String(payload) }))
      }
      decoder.end(() => expect.unreachable())
      expect(frames).toEqual([frame])
    }
  })
})
