import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createInFlight } from './in-flight.ts'

it('never takes more than the limit, nor counts below none', () => {
  const someStep = fc.record({
    id: fc.constantFrom('a', 'b'),
    act: fc.constantFrom('take', 'give-back', 'limit'),
    limit: fc.nat({ max: 3 }),
  })
  fc.assert(
    fc.property(fc.array(someStep), (steps) => {
      const limits = new Map<string, number>()
      const expected = new Map<string, number>()
      const limitOf = (id: string) => limits.get(id) ?? 1
      const slots = createInFlight(limitOf)
      for (const { id, act, limit } of steps) {
        const before = expected.get(id) ?? 0
        if (act === 'limit') limits.set(id, limit)
        const isTaken = act === 'take' && slots.take(id)
        expect(isTaken).toBe(act === 'take' && before < limitOf(id))
        if (isTaken) expected.set(id, before + 1)
        if (act === 'give-back') {
          slots.giveBack(id)
          expected.set(id, Math.max(0, before - 1))
        }
        expect(slots.count(id)).toBe(expected.get(id) ?? 0)
        expect(slots.hasRoom(id)).toBe((expected.get(id) ?? 0) < limitOf(id))
      }
    }),
  )
})
