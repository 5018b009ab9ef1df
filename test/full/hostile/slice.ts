import type { Random } from './random.ts'

/** Whole, in small pieces of one size, or in pieces of any size. */
export function slice(stream: Buffer, random: Random): Buffer[] {
  const largest = random.pick([stream.length, stream.length, stream.length, 1, 7, 40, 200, 200])
  const even = random.below(2) === 0
  const pieces: Buffer[] = []
  for (let start = 0; start < stream.length; start += pieces.at(-1)?.length ?? 0) {
    pieces.push(stream.subarray(start, start + (even ? largest : 1 + random.below(largest))))
  }
  return pieces
}
