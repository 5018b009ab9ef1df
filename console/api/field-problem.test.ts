import { describe, expect, it } from 'vitest'
import { fieldProblem, isShownByField } from './field-problem.ts'
import { Problem } from './problem.ts'

function refusal(field: string | undefined, message: string): Problem {
  return new Problem(message, { status: 400, field })
}

describe('a refusal of the gateway', () => {
  it.each([
    ['weight', 'weight: must be a number', 'weight', 'must be a number'],
    ['tags.2', 'tags.2: must be 1 to 200 characters', 'tags', 'must be 1 to 200 characters'],
    ['limits.tokens_per_day', 'too much', 'limits.tokens_per_day', 'too much'],
    ['tags', 'tags: must be at most 50', 'tag', undefined],
    ['weight', 'weight: must be a number', 'priority', undefined],
    [undefined, 'no', 'priority', undefined],
  ])('about %s (%s) says of the field %s: %s', (named, message, field, said) => {
    expect(fieldProblem(refusal(named, message), field)).toBe(said)
  })

  it('is nothing to a field when something else went wrong', () => {
    expect(fieldProblem(new TypeError('weight: no'), 'weight')).toBeUndefined()
  })

  it('is shown by the form when no field shows it', () => {
    expect(isShownByField(refusal('tags.0', 'no'), ['label', 'tags'])).toBe(true)
    expect(isShownByField(refusal('other', 'no'), ['label', 'tags'])).toBe(false)
  })
})
