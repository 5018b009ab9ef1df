/** What test/full tries by the thousand, at a small count. */
import { expect, it } from 'vitest'
import { checkSeed, createSeen } from './full/round-trip/check-seed.ts'

const SEED = 25
const CONVERSATIONS = 60

it('F25: a conversation arrives whole and alike by every API, and its answer is heard alike and said again as it was', () => {
  const seen = createSeen()
  for (let index = 0; index < CONVERSATIONS; index += 1) checkSeed(SEED + index, seen)
  expect(seen.conversations).toBe(CONVERSATIONS)
  expect(seen.messages).toBeGreaterThan(4 * CONVERSATIONS)
  expect(seen.answers).toBeGreaterThan(CONVERSATIONS / 10)
  expect(seen.calls).toBeGreaterThan(seen.answers / 2)
})
