import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { listOf, parseBody } from './request-body.ts'

const body = z.looseObject({ names: z.union([z.string(), listOf(z.looseObject({ name: z.string() }))]) })

describe('listOf', () => {
  it('reads each of its elements', () => {
    expect(parseBody(body, { names: [{ name: 'a' }, { name: 'b' }] }).names).toEqual([
      { name: 'a' },
      { name: 'b' },
    ])
  })

  it.each([
    [[{ name: 'a' }, { name: 1 }, null], 'names.1.name', 'invalid_type'],
    [[{}], 'names.0.name', 'missing_required_parameter'],
    [[null], 'names.0', 'invalid_type'],
    [7, 'names', 'invalid_type'],
  ])('names the first fault of %j', (names, field, code) => {
    const failure: unknown = expect.objectContaining({ field, code })
    expect(() => parseBody(body, { names })).toThrow(expect.objectContaining({ failure }))
  })

  it('ends with the first fault: the elements after it are not looked at', () => {
    let looked = 0
    const element = z.custom(() => {
      looked += 1
      return false
    })
    expect(listOf(element).safeParse([1, 2, 3]).success).toBe(false)
    expect(looked).toBe(1)
  })
})
