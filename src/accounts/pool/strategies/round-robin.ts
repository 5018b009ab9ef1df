import type { Strategy } from './strategy.ts'
import { createTurns } from './turns.ts'

/** The one whose turn is longest ago. */
export const createRoundRobin = (): Strategy => createTurns(() => 1)
