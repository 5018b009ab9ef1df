import type { Strategy } from './strategy.ts'
import { createTurns } from './turns.ts'

/** Turns in proportion to the weights. Accounts that weigh 0 serve, alike, only when there is nobody else. */
export const createWeighted = (): Strategy => createTurns(({ account }) => account.settings.weight)
