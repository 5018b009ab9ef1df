import { hash } from 'node:crypto'
import type { Conversation } from '../conversation/conversation.ts'
import { estimateTokensOfAll } from '../conversation/estimate-tokens.ts'
import { listPromptPieces } from '../conversation/prompt-pieces.ts'
import type { CountingQueue } from './counting-queue.ts'

export interface TokenCounts {
  /** What the prompt costs: counted by a vocabulary near Claude's, or estimated when that takes too long. */
  inputTokensOf(conversation: Conversation): Promise<number>
  close(): Promise<void>
}

interface TokenCountsOptions {
  queue: CountingQueue
  /** The operator's own factor on every count. Read at each use. */
  readonly multiplier: number
}

/** Beyond any model's window, and beyond what can be counted in time: estimated. */
const MOST_CHARACTERS = 4_000_000
const MOST_TEXTS = 4000
/** Of texts, by their hashes: a megabyte. */
const MOST_REMEMBERED = 4000

type TextCount = Promise<number | undefined>

/**
 * Each part and tool is counted for itself and remembered: one command of Claude Code asks some twenty times, with the same
 * tools again and again.
 */
export function createTokenCounts(options: TokenCountsOptions): TokenCounts {
  const { queue } = options
  const remembered = new Map<string, TextCount>()

  /** Also while the text is still being counted. */
  function remember(key: string, count: TextCount): void {
    remembered.delete(key)
    remembered.set(key, count)
    const [oldest] = remembered.keys()
    if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest)
  }

  function countTexts(texts: readonly string[]): TextCount[] {
    const keys = texts.map((text) => hash('sha256', text, 'base64'))
    const found = new Map(keys.map((key) => [key, remembered.get(key)]))
    const missing = new Map<string, string>()
    for (const [index, key] of keys.entries()) {
      if (found.get(key) === undefined) missing.set(key, texts[index] ?? '')
    }
    if (missing.size > 0) {
      const batch = queue.count([...missing.values()])
      for (const [position, key] of [...missing.keys()].entries()) {
        found.set(
          key,
          countAt(batch, position, () => remembered.delete(key)),
        )
      }
    }
    return keys.map((key) => {
      const count = found.get(key) ?? Promise.resolve(undefined)
      remember(key, count)
      return count
    })
  }

  return {
    async inputTokensOf(conversation) {
      const { texts, fixedTokens } = listPromptPieces(conversation)
      const tokens = isCountable(texts) ? sumOf(await Promise.all(countTexts(texts))) : undefined
      const all = (tokens ?? estimateTokensOfAll(texts)) + fixedTokens
      return all === 0 ? 0 : Math.max(1, Math.round(all * options.multiplier))
    },
    close: () => queue.close(),
  }
}

/** What could not be counted is to be counted again when it is asked for again. */
async function countAt(
  batch: ReturnType<CountingQueue['count']>,
  position: number,
  forget: () => void,
): TextCount {
  const count = (await batch)?.[position]
  if (count === undefined) forget()
  return count
}

function isCountable(texts: readonly string[]): boolean {
  if (texts.length > MOST_TEXTS) return false
  return texts.reduce((characters, text) => characters + text.length, 0) <= MOST_CHARACTERS
}

/** Undefined when a part of it is. */
function sumOf(counts: readonly (number | undefined)[]): number | undefined {
  let sum = 0
  for (const count of counts) {
    if (count === undefined) return undefined
    sum += count
  }
  return sum
}
