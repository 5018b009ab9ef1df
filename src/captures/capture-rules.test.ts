import { describe, expect, it, vi } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import type { CountedRule } from './capture-rule.ts'
import { followCaptureRules } from './capture-rules.ts'

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

async function start() {
  const clock = createFakeClock(0)
  const state = { revision: 0, rules: [] as readonly CountedRule[], isDown: false }
  const report = vi.fn<(error: unknown) => void>()
  const listRules = vi.fn<() => Promise<CountedRule[]>>(async () => [...state.rules])
  const store = {
    listRules,
    async readRevision() {
      if (state.isDown) throw new Error('database is down')
      return state.revision
    },
  }
  const rules = await followCaptureRules({ store, clock, report })
  const switchOn = (endsAt: number) => {
    state.rules = [{ scope: 'all', startedAt: 0, endsAt, captured: 0, dropped: 0 }]
    state.revision += 1
  }
  const pass = async (ms: number) => {
    clock.advance(ms)
    await settle()
  }
  return { rules, state, report, listRules, switchOn, pass }
}

describe('the rules in memory', () => {
  it('are none, and read by nobody, until somebody makes one', async () => {
    const { rules, listRules, pass } = await start()
    await pass(1000)
    expect([rules.inForce(), rules.secondsLeft(), listRules.mock.calls.length]).toEqual([
      undefined,
      undefined,
      0,
    ])
  })

  it('follow what another process has switched on, within a second', async () => {
    const { rules, switchOn, pass } = await start()
    switchOn(10_000)
    await pass(1000)
    expect([rules.inForce()?.length, rules.secondsLeft()]).toEqual([1, 9])
  })

  it('are in force at once where they were made', async () => {
    const { rules, switchOn } = await start()
    switchOn(10_000)
    await rules.reload()
    expect(rules.inForce()).toHaveLength(1)
  })

  it('are none again when they have ended, also while the database is down', async () => {
    const { rules, state, report, switchOn, pass } = await start()
    switchOn(3000)
    await pass(1000)
    state.isDown = true
    await pass(1000)
    expect(rules.inForce()).toHaveLength(1)
    await pass(1000)
    expect([rules.inForce(), rules.secondsLeft(), report.mock.calls.length]).toEqual([
      undefined,
      undefined,
      1,
    ])
  })
})
