/** The first 12 bytes of an event-stream frame: total length u32, headers length u32, CRC-32 of these eight. */

import { continueCrc32 } from './crc32.ts'
import { damagedAnswer } from './damaged-answer.ts'

export const PRELUDE_BYTES = 12
export const CHECKSUM_BYTES = 4
const OVERHEAD_BYTES = PRELUDE_BYTES + CHECKSUM_BYTES

/** The total length of the frame at `start`, which can be trusted then: checksum and bounds are right, or it throws. */
export function readFrameBytes(view: DataView, start: number, maxFrameBytes: number): number {
  const frameBytes = view.getUint32(start)
  const headersBytes = view.getUint32(start + 4)
  if (continueCrc32(0, view, { start, end: start + 8 }) !== view.getUint32(start + 8)) {
    throw damagedAnswer("the checksum of a frame's length is wrong")
  }
  if (frameBytes < OVERHEAD_BYTES) throw damagedAnswer(`a frame claims to have only ${frameBytes} bytes`)
  if (frameBytes > maxFrameBytes) {
    throw damagedAnswer(`a frame claims to have ${frameBytes} bytes, the most allowed is ${maxFrameBytes}`)
  }
  if (headersBytes > frameBytes - OVERHEAD_BYTES)
    throw damagedAnswer('the headers of a frame are longer than it is')
  return frameBytes
}
