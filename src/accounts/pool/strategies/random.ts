import type { Strategy } from './strategy.ts'

export const chooseAtRandom: Strategy = (candidates, random) =>
  candidates[Math.floor(random() * candidates.length)]
