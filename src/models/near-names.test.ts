import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../upstreams/amazon-q/catalogue.ts'
import { nearNames } from './near-names.ts'

const known = catalogue.map(({ id }) => id)

describe('nearNames', () => {
  it.each([
    [
      'claude-opus-9',
      ['claude-opus-5', 'claude-opus-4.5', 'claude-opus-4.6', 'claude-opus-4.7', 'claude-opus-4.8'],
    ],
    [
      'sonnet',
      ['claude-sonnet-4', 'claude-sonnet-5', 'claude-sonnet-4.5', 'claude-sonnet-4.6', 'claude-sonnet-5.5'],
    ],
    ['GPT-4o', ['gpt-5.6-sol', 'gpt-5.6-luna', 'gpt-5.6-terra']],
    ['deepsek-3.2', ['deepseek-3.2']],
    ['o3', []],
    ['', []],
  ])('of %j are %j', (name, near) => {
    expect(nearNames(name, known)).toEqual(near)
  })

  it('are at most five known names, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (name) => {
        const near = nearNames(name, known)
        expect(near.length).toBeLessThanOrEqual(5)
        expect(near.filter((each) => !known.includes(each))).toEqual([])
      }),
    )
  })

  it('begin with the name itself', () => {
    expect(known.map((name) => nearNames(name, known)[0])).toEqual(known)
  })
})
