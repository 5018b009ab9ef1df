import { expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { startKeptAnswerPruning } from './prune-kept-answers.ts'

function start(old: number, isMyTurn = true) {
  const clock = createFakeClock(0)
  const left = { answers: old, pieces: 0 }
  const pruning = startKeptAnswerPruning({
    store: {
      async prune(_now, most) {
        const pruned = Math.min(most, left.answers)
        left.answers -= pruned
        left.pieces += 1
        return pruned
      },
    },
    isMyTurn: async () => isMyTurn,
    clock,
    report: () => {},
  })
  const pass = async (ms: number) => {
    clock.advance(ms)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { pruning, clock, left, pass }
}

it('forgets once a minute, in pieces with pauses between', async () => {
  const { left, pass } = start(60)
  await pass(60_000)
  expect(left).toEqual({ answers: 35, pieces: 1 })
  await pass(20)
  await pass(20)
  expect(left).toEqual({ answers: 0, pieces: 3 })
  await pass(59_999)
  expect(left.pieces).toBe(3)
  await pass(1)
  expect(left.pieces).toBe(4)
})

it('leaves it to another process whose turn it is', async () => {
  const { left, pass } = start(60, false)
  await pass(60_000)
  expect(left.pieces).toBe(0)
})

it('ends in the midst of it, and leaves no timer', async () => {
  const { pruning, clock, left, pass } = start(60)
  await pass(60_000)
  await pruning.close()
  expect([left.pieces, clock.pending()]).toEqual([1, 0])
})
