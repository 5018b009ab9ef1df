/** A slow, plain decoder of whole event streams around the official codec: what ours is compared with. */

import { crc32 } from 'node:zlib'
import { EventStreamCodec, HeaderMarshaller, type MessageHeaders } from '@smithy/eventstream-codec'

/** A frame as text: message type, name, error message and the payload's bytes as latin1, a line each. */
export type FrameText = string

export interface Decoded {
  frames: FrameText[]
  failed: boolean
}

export interface ReferenceFrame {
  messageType: string
  name: string
  errorMessage?: string
  payload: Uint8Array
}

const MAX_FRAME_BYTES = 16 * 1024 * 1024

const toText = (bytes: Uint8Array | string) =>
  typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString()
const fromText = (text: string) => Buffer.from(text)
const codec = new EventStreamCodec(toText, fromText)
const marshaller = new HeaderMarshaller(toText, fromText)

export function describeFrame(frame: ReferenceFrame): FrameText {
  const { buffer, byteOffset, byteLength } = frame.payload
  const payload = Buffer.from(buffer, byteOffset, byteLength).toString('latin1')
  return [frame.messageType, frame.name, frame.errorMessage, payload].join('\n')
}

export function decodeByReference(stream: Buffer): Decoded {
  const { frames, failed } = readByReference(stream)
  return { frames: frames.map(describeFrame), failed }
}

export function readByReference(stream: Buffer): { frames: ReferenceFrame[]; failed: boolean } {
  const frames: ReferenceFrame[] = []
  let rest = stream
  while (rest.length > 0) {
    const frameBytes = soundLength(rest)
    if (frameBytes === undefined || frameBytes > rest.length) return { frames, failed: true }
    const frame = decodeFrame(rest.subarray(0, frameBytes))
    if (frame === undefined) return { frames, failed: true }
    frames.push(frame)
    rest = rest.subarray(frameBytes)
  }
  return { frames, failed: false }
}

function soundLength(rest: Buffer): number | undefined {
  if (rest.length < 12 || crc32(rest.subarray(0, 8)) !== rest.readUInt32BE(8)) return undefined
  const frameBytes = rest.readUInt32BE(0)
  const sound = frameBytes >= 16 && frameBytes <= MAX_FRAME_BYTES && rest.readUInt32BE(4) <= frameBytes - 16
  return sound ? frameBytes : undefined
}

/**
 * The codec reads a header's value beyond the end of the headers when the payload is long enough, and accepts a header
 * without a name. So the headers are parsed in memory of their own, where the first fails, and the second is looked for.
 */
function decodeFrame(frame: Buffer): ReferenceFrame | undefined {
  try {
    const { body } = codec.decode(frame)
    const block = new Uint8Array(frame.subarray(12, 12 + frame.readUInt32BE(4)))
    const headers = marshaller.parse(new DataView(block.buffer))
    return '' in headers ? undefined : { ...kindOf(headers), payload: body }
  } catch {
    return undefined
  }
}

function kindOf(headers: MessageHeaders): Omit<ReferenceFrame, 'payload'> {
  const text = (name: string) => {
    const header = headers[name]
    return header?.type === 'string' ? header.value : undefined
  }
  const messageType = text(':message-type') ?? ''
  if (messageType === 'event') return { messageType, name: text(':event-type') ?? '' }
  if (messageType === 'exception') return { messageType, name: text(':exception-type') ?? '' }
  if (messageType !== 'error') return { messageType: 'event', name: '' }
  const errorMessage = text(':error-message')
  const name = text(':error-code') ?? ''
  return errorMessage === undefined ? { messageType, name } : { messageType, name, errorMessage }
}
