import { describe, expect, it } from 'vitest'
import { createLegacyCalls } from './legacy-calls.ts'

describe('calls without ids', () => {
  it('are answered by their name, the oldest first, and by their order where no name is told', () => {
    const calls = createLegacyCalls()
    const [first, second, third] = ['ls', 'cat', 'ls'].map((name) => calls.call(name))
    expect(calls.answer('cat')).toBe(second)
    expect(calls.answer(undefined)).toBe(first)
    expect(calls.answer('ls')).toBe(third)
    expect([first, second, third]).not.toContain(calls.answer('ls'))
  })

  it('are told apart in time that grows with their number alone', () => {
    const calls = createLegacyCalls()
    const ids = Array.from({ length: 50_000 }, (_, index) => calls.call(`f${index % 7}`))
    expect(ids.map(() => calls.answer(undefined))).toEqual(ids)
  })
})
