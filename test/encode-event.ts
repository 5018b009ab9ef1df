/** Frames as the official codec writes them. */
import { EventStreamCodec } from '@smithy/eventstream-codec'

export const officialCodec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString()),
  (text) => Buffer.from(text),
)

export function encodeEvent(name: string, payload: Uint8Array | string): Buffer {
  const headers = {
    ':message-type': { type: 'string', value: 'event' },
    ':event-type': { type: 'string', value: name },
    ':content-type': { type: 'string', value: 'application/json' },
  } as const
  return Buffer.from(officialCodec.encode({ headers, body: Buffer.from(payload) }))
}
