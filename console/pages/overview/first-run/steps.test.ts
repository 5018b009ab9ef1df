import { describe, expect, it } from 'vitest'
import { countDone, judgeSteps } from './steps.ts'

const nothing = { hasPassword: false, accounts: [], keys: 0, answered: 0, hasTested: false }

describe('the first steps', () => {
  it('are all open at first', () => {
    expect(countDone(judgeSteps(nothing))).toBe(0)
  })

  it.each([
    ['password', { hasPassword: true }],
    ['account', { accounts: [{ success_count: 0 }] }],
    ['key', { keys: 1 }],
    ['request', { answered: 1 }],
    ['request', { hasTested: true }],
  ])('has done %s with %o', (name, seen) => {
    const steps = judgeSteps({ ...nothing, ...seen })
    expect(Object.entries(steps).filter(([, isDone]) => isDone)).toEqual([[name, true]])
  })

  it('knows of requests that were answered long ago', () => {
    expect(judgeSteps({ ...nothing, accounts: [{ success_count: 3 }] }).request).toBe(true)
  })
})
