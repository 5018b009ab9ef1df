/**
 * `application/vnd.amazon.eventstream`: bytes in, frames out. A frame is its prelude (frame-prelude.ts), headers,
 * payload, and the CRC-32 of all before; integers are big-endian.
 */

import type { Emit, Stage } from '../../conversation/stage.ts'
import { continueCrc32 } from './crc32.ts'
import { damagedAnswer } from './damaged-answer.ts'
import { createFrameKindReader, type FrameKind, type FrameKindReader } from './frame-kind.ts'
import { CHECKSUM_BYTES, PRELUDE_BYTES, readFrameBytes } from './frame-prelude.ts'
import { createPartialFrame } from './partial-frame.ts'

export interface Frame extends FrameKind {
  /** A view of memory that is used again: read it before returning from emit, or copy it. */
  readonly payload: Buffer
}

interface Chunk {
  readonly bytes: Buffer
  readonly view: DataView
}

const DEFAULT_MAX_FRAME_BYTES = 16 * 1024 * 1024

interface DecoderOptions {
  maxFrameBytes?: number
  /** One for all answers knows their header blocks already. */
  readFrameKind?: FrameKindReader
}

/**
 * A decoder for one answer. Throws `interrupted` on anything that is not a sound frame, and then again at every
 * further call. A frame of a message type that is not known yet is emitted as an event without a name.
 */
export function createEventStreamDecoder(options: DecoderOptions = {}): Stage<Uint8Array, Frame> {
  const { maxFrameBytes = DEFAULT_MAX_FRAME_BYTES, readFrameKind = createFrameKindReader() } = options
  const decode = createFrameDecoder(maxFrameBytes, readFrameKind)
  let failure: { error: unknown } | undefined

  /** What failed once stays failed: after damage nobody knows where the next frame begins. */
  function attempt(action: () => void): void {
    if (failure !== undefined) throw failure.error
    try {
      action()
    } catch (error) {
      failure = { error }
      throw error
    }
  }

  return {
    push: (input, emit) => attempt(() => decode.push(input, emit)),
    end: (emit) => attempt(() => decode.end(emit)),
  }
}

/** Whole frames are read where they lie; only a frame that is cut by the end of a chunk is copied. */
function createFrameDecoder(maxFrameBytes: number, readFrameKind: FrameKindReader): Stage<Uint8Array, Frame> {
  const partial = createPartialFrame(maxFrameBytes)
  const emitFrame = createFrameEmitter(readFrameKind)

  return {
    push(input, emit) {
      const { buffer, byteOffset, byteLength } = input
      const bytes = Buffer.from(buffer, byteOffset, byteLength)
      const chunk = { bytes, view: new DataView(buffer, byteOffset, byteLength) }
      let position = 0
      while (position < byteLength) {
        if (partial.isEmpty()) {
          const end = endOfFrame(chunk, position, maxFrameBytes)
          if (end !== undefined) {
            emitFrame(chunk, { start: position, end }, emit)
            position = end
            continue
          }
        }
        position += partial.take(bytes.subarray(position))
        if (!partial.isWhole()) continue
        emitFrame(partial.memory(), { start: 0, end: partial.frameBytes() }, emit)
        partial.clear()
      }
    },
    end() {
      if (!partial.isEmpty()) throw damagedAnswer('it stopped in the middle of a frame')
    },
  }
}

/** Where the frame at `start` ends, if all of it is in the chunk. */
function endOfFrame({ view }: Chunk, start: number, maxFrameBytes: number): number | undefined {
  if (start + PRELUDE_BYTES > view.byteLength) return undefined
  const end = start + readFrameBytes(view, start, maxFrameBytes)
  return end > view.byteLength ? undefined : end
}

/** Emits the frame of a range whose prelude was checked already. */
function createFrameEmitter(readFrameKind: FrameKindReader) {
  return (
    { bytes, view }: Chunk,
    { start, end }: { start: number; end: number },
    emit: Emit<Frame>,
  ): void => {
    const headersStart = start + PRELUDE_BYTES
    const headersEnd = headersStart + view.getUint32(start + 4)
    const payloadEnd = end - CHECKSUM_BYTES
    // The prelude's own checksum covers its first eight bytes, so the sum goes on from there.
    const checksum = continueCrc32(view.getUint32(start + 8), view, { start: start + 8, end: payloadEnd })
    if (checksum !== view.getUint32(payloadEnd)) throw damagedAnswer('the checksum of a frame is wrong')
    const { messageType, name, errorMessage } = readFrameKind(view, headersStart, headersEnd)
    const payload = bytes.subarray(headersEnd, payloadEnd)
    emit(
      errorMessage === undefined
        ? { messageType, name, payload }
        : { messageType, name, errorMessage, payload },
    )
  }
}
