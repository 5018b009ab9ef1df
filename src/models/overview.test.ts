import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { sampleAccount } from '../accounts/sample-account.ts'
import { createOverview } from './overview.ts'
import type { ModelList } from './model-lists.ts'

function createRig() {
  const state = { accounts: [sampleAccount('a')], version: 1, isUsable: true, looks: 0 }
  const lists = new Map<string, ModelList>()
  const clock = createFakeClock()
  const overview = createOverview({
    accounts: () => state.accounts,
    isUsable: () => state.isUsable,
    lists: {
      of(id) {
        state.looks += 1
        return lists.get(id)
      },
      version: () => state.version,
    },
    clock,
  })
  return { state, lists, clock, overview }
}

describe('what all accounts have', () => {
  it('is looked up once for many requests', () => {
    const { state, overview } = createRig()
    overview()
    const { looks } = state
    for (let request = 0; request < 100; request += 1) overview()
    expect(looks).toBeGreaterThan(0)
    expect(state.looks).toBe(looks)
  })

  it('is looked up anew when a list has come', () => {
    const { state, lists, overview } = createRig()
    expect(overview()).toMatchObject({ lists: [], isPartial: true })
    lists.set('a', new Map())
    state.version += 1
    expect(overview()).toMatchObject({ lists: [new Map()], isPartial: false })
  })

  it('has a list once that many accounts share', () => {
    const { state, lists, overview } = createRig()
    const shared: ModelList = new Map()
    state.accounts = [sampleAccount('a'), sampleAccount('b'), sampleAccount('c')]
    for (const { id } of state.accounts) lists.set(id, id === 'c' ? new Map() : shared)
    expect(overview().lists).toEqual([shared, new Map()])
  })

  it('is looked up anew when accounts have changed', () => {
    const { state, overview } = createRig()
    overview()
    state.accounts = [sampleAccount('a'), sampleAccount('b')]
    expect([...overview().byId.keys()]).toEqual(['a', 'b'])
  })

  it('is not looked up with every change of thousands of accounts', () => {
    const { state, clock, overview } = createRig()
    state.accounts = Array.from({ length: 10_000 }, (_, index) => sampleAccount(`${index}`))
    overview()
    state.accounts = state.accounts.slice(1)
    expect(overview().byId.size).toBe(10_000)
    clock.advance(100)
    expect(overview().byId.size).toBe(9999)
  })

  it('heeds within a second that the pause of an account has ended', () => {
    const { state, clock, overview } = createRig()
    state.isUsable = false
    expect(overview().isPartial).toBe(false)
    state.isUsable = true
    clock.advance(1000)
    expect(overview().isPartial).toBe(true)
  })
})
