import { describe, expect, it } from 'vitest'
import { createRevocations } from './revocations.ts'

function setUp() {
  const revoked: string[] = []
  const timers = new Map<number, { due: number; action: () => void }>()
  let now = 0
  let latest = 0
  const revocations = createRevocations({
    revoke: async (id) => void revoked.push(id),
    after(milliseconds, action) {
      const timer = (latest += 1)
      timers.set(timer, { due: now + milliseconds, action })
      return () => timers.delete(timer)
    },
  })
  function pass(milliseconds: number): void {
    now += milliseconds
    for (const [timer, { due, action }] of timers) {
      if (due > now) continue
      timers.delete(timer)
      action()
    }
  }
  return { revocations, revoked, pass }
}

describe('a key that is being revoked', () => {
  it('is revoked after ten seconds, once', () => {
    const { revocations, revoked, pass } = setUp()
    revocations.begin('a')
    pass(9999)
    expect([...revocations.pending.value]).toEqual(['a'])
    expect(revoked).toEqual([])
    pass(1)
    pass(20_000)
    void revocations.finish()
    expect(revoked).toEqual(['a'])
    expect(revocations.pending.value.size).toBe(0)
  })

  it('stays when that is taken back in time', () => {
    const { revocations, revoked, pass } = setUp()
    revocations.begin('a')
    revocations.begin('b')
    pass(5000)
    revocations.takeBack('a')
    pass(5000)
    expect(revoked).toEqual(['b'])
  })

  it('is revoked at once when the page is left', () => {
    const { revocations, revoked, pass } = setUp()
    revocations.begin('a')
    revocations.begin('b')
    void revocations.finish()
    pass(10_000)
    expect(revoked).toEqual(['a', 'b'])
  })

  it('is not given more time by a second wish', () => {
    const { revocations, revoked, pass } = setUp()
    revocations.begin('a')
    pass(6000)
    revocations.begin('a')
    pass(4000)
    revocations.takeBack('a')
    expect(revoked).toEqual(['a'])
  })
})
