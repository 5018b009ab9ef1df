/** Repeatable pseudo-random numbers (mulberry32): a failure is named by its seed. */
export interface Random {
  /** An integer from 0 up to `limit`, without `limit` itself. */
  below(limit: number): number
  pick<T>(items: readonly [T, ...T[]]): T
  bytes(count: number): Buffer
}

export function createRandom(seed: number): Random {
  let state = seed | 0
  function below(limit: number): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
  return {
    below,
    pick: (items) => items[below(items.length)] ?? items[0],
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => below(256))),
  }
}
