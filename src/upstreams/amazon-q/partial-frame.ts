/** Keeps the beginning of a frame until the rest has come. */

import { PRELUDE_BYTES, readFrameBytes } from './frame-prelude.ts'

const MIN_CAPACITY_BYTES = 1024
/** Memory beyond this, taken for a big frame, is given back after it. */
const KEPT_CAPACITY_BYTES = 64 * 1024
/** What every decoder begins with; most need no more, as their frames come whole. */
const NO_BYTES = Buffer.alloc(0)
const NO_VIEW = viewOf(NO_BYTES)

interface PartialFrame {
  /** Memory that begins with the frame. */
  memory(): { bytes: Buffer; view: DataView }
  /** Total length of the frame; zero until its prelude is there. */
  frameBytes(): number
  isEmpty(): boolean
  isWhole(): boolean
  /** Takes what belongs to this frame from the beginning of `input` and answers how many bytes that was. */
  take(input: Buffer): number
  /** Forgets the frame, keeps the memory. */
  clear(): void
}

export function createPartialFrame(maxFrameBytes: number): PartialFrame {
  let bytes = NO_BYTES
  let view = NO_VIEW
  let length = 0
  let frameBytes = 0

  /** By doubling, so that copying stays linear, and only as bytes arrive: a length alone never takes memory. */
  function makeRoom(neededBytes: number, wantedBytes: number): void {
    if (neededBytes <= bytes.length) return
    const doubled = Math.min(Math.max(bytes.length * 2, neededBytes), wantedBytes)
    const larger = Buffer.alloc(Math.max(doubled, MIN_CAPACITY_BYTES))
    larger.set(bytes.subarray(0, length))
    bytes = larger
    view = viewOf(bytes)
  }

  return {
    memory: () => ({ bytes, view }),
    frameBytes: () => frameBytes,
    isEmpty: () => length === 0,
    isWhole: () => length > 0 && length === frameBytes,
    take(input) {
      const wantedBytes = frameBytes === 0 ? PRELUDE_BYTES : frameBytes
      const taken = Math.min(wantedBytes - length, input.length)
      makeRoom(length + taken, wantedBytes)
      input.copy(bytes, length, 0, taken)
      length += taken
      if (length === PRELUDE_BYTES) frameBytes = readFrameBytes(view, 0, maxFrameBytes)
      return taken
    },
    clear() {
      length = 0
      frameBytes = 0
      if (bytes.length > KEPT_CAPACITY_BYTES) {
        bytes = NO_BYTES
        view = NO_VIEW
      }
    },
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
