/** What a frame's headers say, read once for each different header block. */

import { decodeHeaders, type HeaderValue } from './event-headers.ts'

export interface FrameKind {
  readonly messageType: 'event' | 'exception' | 'error'
  /** `:event-type`, `:exception-type` or `:error-code`; empty when absent. */
  readonly name: string
  /** `:error-message` of an error frame. */
  readonly errorMessage?: string
}

const LITTLE_ENDIAN = true

interface KnownBlock {
  readonly view: DataView
  readonly kind: FrameKind
}

/** All streams together have about ten different header blocks; these bounds keep a hostile one from filling the memory. */
const MAX_KNOWN_BLOCKS = 16
const MAX_KNOWN_BLOCK_BYTES = 512

export type FrameKindReader = (view: DataView, start: number, end: number) => FrameKind

/** Answers a reader of header blocks, of any number of streams, that recognises a repeated block byte for byte instead of decoding it again. */
export function createFrameKindReader(): FrameKindReader {
  const known: KnownBlock[] = []
  return (view, start, end) => {
    for (const block of known) {
      if (block.view.byteLength === end - start && isSame(block.view, view, start)) return block.kind
    }
    const bytes = new Uint8Array(view.buffer, view.byteOffset + start, end - start)
    const kind = toFrameKind(decodeHeaders(bytes))
    // Errors end their stream, and their texts differ.
    if (kind.messageType === 'event' && bytes.length <= MAX_KNOWN_BLOCK_BYTES) {
      if (known.length === MAX_KNOWN_BLOCKS) known.length = 0
      known.push({ view: new DataView(Uint8Array.from(bytes).buffer), kind })
    }
    return kind
  }
}

/** Eight bytes at a time, in the machine's order and with the length read once: measured five times as fast. */
function isSame(block: DataView, view: DataView, start: number): boolean {
  const length = block.byteLength
  let position = 0
  for (; position + 8 <= length; position += 8) {
    if (block.getBigInt64(position, LITTLE_ENDIAN) !== view.getBigInt64(start + position, LITTLE_ENDIAN))
      return false
  }
  for (; position < length; position++) {
    if (block.getUint8(position) !== view.getUint8(start + position)) return false
  }
  return true
}

/** A `:message-type` that is absent or new becomes an event without a name, which nobody knows and everybody skips. */
function toFrameKind(headers: ReadonlyMap<string, HeaderValue>): FrameKind {
  const messageType = text(headers, ':message-type')
  if (messageType === 'event') return { messageType, name: text(headers, ':event-type') }
  if (messageType === 'exception') return { messageType, name: text(headers, ':exception-type') }
  if (messageType !== 'error') return { messageType: 'event', name: '' }
  const name = text(headers, ':error-code')
  const errorMessage = headers.get(':error-message')
  return errorMessage?.type === 'string'
    ? { messageType, name, errorMessage: errorMessage.value }
    : { messageType, name }
}

function text(headers: ReadonlyMap<string, HeaderValue>, name: string): string {
  const header = headers.get(name)
  return header?.type === 'string' ? header.value : ''
}
