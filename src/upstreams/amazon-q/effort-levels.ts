/** How much a model should work, in the words that it takes; and how that compares with a budget of thinking tokens. */

import type { Effort } from '../../conversation/conversation.ts'

/** From least to most; the first two are GPT's. `none` is thinking switched off, never a low effort. */
const LEVELS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** The most of what a model takes that is not above what was asked; the least where all is above. */
export function nearestLevel(asked: Effort, levels: ReadonlySet<string>): string | undefined {
  const offered = LEVELS.filter((level) => level !== 'none' && levels.has(level))
  const limit = LEVELS.indexOf(asked)
  return offered.findLast((level) => LEVELS.indexOf(level) <= limit) ?? offered[0]
}

export function lowestLevel(levels: ReadonlySet<string>): string | undefined {
  return LEVELS.find((level) => levels.has(level))
}

/** Our own scale. Up to so many thinking tokens each; the first three are what clients are known to send for little, more and much. */
const BUDGETS: readonly [tokens: number, effort: Effort][] = [
  [4_096, 'low'],
  [16_384, 'medium'],
  [32_768, 'high'],
]

export function effortOfBudget(budgetTokens: number): Effort {
  return BUDGETS.find(([tokens]) => budgetTokens <= tokens)?.[1] ?? 'xhigh'
}

/** For a model that takes nothing but a budget. */
export function budgetOfEffort(effort: Effort): number {
  return BUDGETS.find(([, level]) => level === effort)?.[0] ?? 65_536
}
