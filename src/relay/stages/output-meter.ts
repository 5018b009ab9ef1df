import { createTokenTally } from '../../conversation/estimate-tokens.ts'
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

/** Stands in for the second half of a character that is still to come. */
const ANY_SECOND_HALF = '\udc00'

export function createOutputMeter(): OutputMeter {
  const tally = createTokenTally()
  /** The first half of a character, which is counted with its second; until then it costs as much as the whole. */
  let half = ''

  function tokensWith(text: string): number {
    const all = half + text
    return tally.tokensWith(endsWithFirstHalf(all) ? all + ANY_SECOND_HALF : all)
  }

  return {
    count(text) {
      const all = half + text
      const whole = endsWithFirstHalf(all) ? all.slice(0, -1) : all
      half = all.slice(whole.length)
      tally.add(whole)
    },
    fits: (text, maxTokens) => text === '' || tokensWith(text) <= maxTokens,
    tokens: () => tokensWith(''),
    usage: (inputTokens) => ({
      inputTokens,
      outputTokens: tokensWith(''),
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      source: 'estimated',
    }),
  }
}

function endsWithFirstHalf(text: string): boolean {
  return (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800
}

/** Counts what an event says, if it says anything. */
export function countEvent(meter: OutputMeter, event: ReplyEvent): void {
  if (event.type === 'block-delta') meter.count(event.text)
}
