/** Pure rules that choose among accounts that could all serve. */

/** Answers one of the candidates; undefined when there is none. `random` answers from 0 up to, not including, 1. */
export type Strategy = <T>(candidates: readonly T[], random: () => number) => T | undefined

export const chooseAtRandom: Strategy = (candidates, random) =>
  candidates[Math.floor(random() * candidates.length)]
