import { tokensOfBytes } from '../../conversation/estimate-tokens.ts'
import type { ReplyEvent, Usage } from '../../conversation/reply.ts'

/**
 * The running estimate of what a model has written, for answers that the gateway ends by itself: the service tells its
 * numbers at the end, and that never comes then. However the text is cut into pieces, the count is the same.
 */
export interface OutputMeter {
  /** Text, thinking and tool input alike. */
  count(text: string): void
  /** Whether `text` may be counted without going over `maxTokens`. */
  fits(text: string, maxTokens: number): boolean
  tokens(): number
  usage(inputTokens: number): Usage
}

/** A character of two code units takes four bytes of UTF-8; a half of it alone is measured as three. */
const PAIR_BYTES = 4
const HALF_BYTES = 3

export function createOutputMeter(): OutputMeter {
  let bytes = 0
  /** The text ends with the first half of a character, which is counted as the whole of it. */
  let isPairOpen = false

  function sizeOf(text: string): number {
    let size = Buffer.byteLength(text)
    if (isPairOpen) size -= startsWithSecondHalf(text) ? HALF_BYTES : PAIR_BYTES - HALF_BYTES
    return endsWithFirstHalf(text) ? size + PAIR_BYTES - HALF_BYTES : size
  }

  return {
    count(text) {
      if (text === '') return
      bytes += sizeOf(text)
      isPairOpen = endsWithFirstHalf(text)
    },
    fits: (text, maxTokens) => text === '' || tokensOfBytes(bytes + sizeOf(text)) <= maxTokens,
    tokens: () => tokensOfBytes(bytes),
    usage: (inputTokens) => ({
      inputTokens,
      outputTokens: tokensOfBytes(bytes),
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      source: 'estimated',
    }),
  }
}

function endsWithFirstHalf(text: string): boolean {
  return (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800
}

function startsWithSecondHalf(text: string): boolean {
  return (text.charCodeAt(0) & 0xfc00) === 0xdc00
}

/** Counts what an event says, if it says anything. */
export function countEvent(meter: OutputMeter, event: ReplyEvent): void {
  if (event.type === 'block-delta') meter.count(event.text)
}
