import { GatewayError } from '../conversation/failures.ts'

/** Far beyond what any client sends; what has to be searched for is kept in memory for every request. */
const MAX_SEQUENCES = 64
const MAX_CHARACTERS = 1024

/** Those that can be found: an empty one is everywhere. Throws `invalid-request` beyond the limits. */
export function readStopSequences(sequences: readonly string[], field: string): string[] {
  const tooLong = sequences.find((sequence) => sequence.length > MAX_CHARACTERS)
  if (sequences.length > MAX_SEQUENCES || tooLong !== undefined) {
    const text = `At most ${MAX_SEQUENCES} stop sequences of at most ${MAX_CHARACTERS} characters are possible`
    throw new GatewayError('invalid-request', `${field}: ${text}`, { field, code: 'invalid_value' })
  }
  return [...new Set(sequences)].filter((sequence) => sequence !== '')
}
