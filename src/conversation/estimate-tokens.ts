/** Token counts by rule of thumb: for usage that the model service did not tell, or that is due before it could. */

import type { Conversation } from './conversation.ts'
import { listPromptPieces } from './prompt-pieces.ts'
import { kindOf, LONGEST_RUN, NEWLINE, ROW_BITS, runWeights, startWeights } from './token-weights.ts'

/** Counts a text that comes in pieces, as if it came whole. */
export interface TokenTally {
  add(text: string): void
  /** What `tokens` would be if this text were added. */
  tokensWith(text: string): number
  tokens(): number
}

/** Beyond so many characters not all of a prompt is read, but windows of it that lie evenly. A millisecond's work at most. */
const MOST_READ_CHARACTERS = 65_536
const SAMPLE_CHARACTERS = 16_384
const WINDOW_CHARACTERS = 256
const WINDOW_COUNT = SAMPLE_CHARACTERS / WINDOW_CHARACTERS

/** What stands before the next character: its kind, how many of its like in a row, and the tokens so far. */
interface Progress {
  kind: number
  run: number
  tokens: number
}

export function createTokenTally(): TokenTally {
  const progress: Progress = { kind: NEWLINE, run: 1, tokens: 0 }
  return {
    add: (text) => readOn(progress, text, { from: 0, to: text.length }),
    tokensWith(text) {
      const ahead = { ...progress }
      readOn(ahead, text, { from: 0, to: text.length })
      return toWholeTokens(ahead.tokens)
    },
    tokens: () => toWholeTokens(progress.tokens),
  }
}

/**
 * What the prompt costs. Each request pays for it once: the figure goes along with what is made of the request. To keep
 * figures of single parts for the next request would be no gain, as telling whether a part is the same costs more than this.
 */
export function estimateInputTokens(conversation: Conversation): number {
  const { texts, fixedTokens } = listPromptPieces(conversation)
  return estimateTokensOfAll(texts) + fixedTokens
}

/** Zero for nothing, else one at least. */
export function estimateTokens(text: string): number {
  return estimateTokensOfAll([text])
}

export function estimateTokensOfAll(texts: readonly string[]): number {
  const characters = texts.reduce((sum, text) => sum + text.length, 0)
  if (characters > MOST_READ_CHARACTERS) return estimateBySample(texts, characters)
  let tokens = 0
  for (const text of texts) tokens += tokensWithin(text, 0, text.length)
  return toWholeTokens(tokens)
}

/** As if the texts were one, and the windows, in even distance, were all of it. */
function estimateBySample(texts: readonly string[], characters: number): number {
  const distance = characters / WINDOW_COUNT
  let tokens = 0
  let textStart = 0
  let window = 0
  for (const text of texts) {
    const textEnd = textStart + text.length
    for (;;) {
      const start = Math.floor(window * distance)
      if (start >= textEnd) break
      const end = start + WINDOW_CHARACTERS
      tokens += tokensWithin(text, Math.max(start - textStart, 0), Math.min(end, textEnd) - textStart)
      // The rest of this window lies in the next text.
      if (end > textEnd) break
      window += 1
    }
    textStart = textEnd
  }
  return toWholeTokens((tokens * characters) / SAMPLE_CHARACTERS)
}

/** Whatever has a character has a token. */
function toWholeTokens(tokens: number): number {
  return tokens === 0 ? 0 : Math.max(1, Math.round(tokens))
}

/** Of a part of a text, as it is in its place: how a token begins depends on the few characters before. */
function tokensWithin(text: string, from: number, to: number): number {
  const progress: Progress = { kind: NEWLINE, run: 1, tokens: 0 }
  readOn(progress, text, { from: Math.max(from - LONGEST_RUN, 0), to: from })
  progress.tokens = 0
  readOn(progress, text, { from, to })
  return progress.tokens
}

function readOn(progress: Progress, text: string, { from, to }: { from: number; to: number }): void {
  let { kind: before, run, tokens } = progress
  for (let index = from; index < to; index += 1) {
    const kind = kindOf(text.charCodeAt(index))
    if (kind === before) {
      tokens += runWeights[(kind << ROW_BITS) | run] ?? 0
      if (run < LONGEST_RUN) run += 1
    } else {
      tokens += startWeights[(before << ROW_BITS) | kind] ?? 0
      before = kind
      run = 1
    }
  }
  progress.kind = before
  progress.run = run
  progress.tokens = tokens
}
