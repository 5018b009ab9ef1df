import { describe, expect, it } from 'vitest'
import { chooseProcessors, pinCommand } from './processors.ts'

describe('chooseProcessors', () => {
  it.each([
    ['0-1', { gateway: 0, others: 1 }],
    ['4-7', { gateway: 4, others: 5 }],
    ['2,5-6', { gateway: 2, others: 5 }],
    ['3', undefined],
  ])('takes the first two of %s', (list, chosen) => {
    expect(chooseProcessors(list)).toEqual(chosen)
  })
})

describe('pinCommand', () => {
  it('leaves a command alone that may run anywhere', () => {
    expect(pinCommand(['node', 'x.ts'], undefined)).toEqual(['node', 'x.ts'])
    expect(pinCommand(['node', 'x.ts'], 3)).toEqual(['taskset', '-c', '3', 'node', 'x.ts'])
  })
})
