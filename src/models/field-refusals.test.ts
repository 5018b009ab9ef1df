import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { sampleModel } from '../../test/sample-model.ts'
import { createFieldRefusals } from './field-refusals.ts'

describe('refused fields', () => {
  it('are remembered for a day, of one account and one model', () => {
    const clock = createFakeClock()
    const refusals = createFieldRefusals(() => clock.elapsed())
    refusals.note('a', 'Model-1')
    expect(refusals.areRefused('a', 'model-1')).toBe(true)
    expect(refusals.areRefused('a', 'model-2')).toBe(false)
    expect(refusals.areRefused('b', 'model-1')).toBe(false)
    clock.advance(24 * 3_600_000)
    expect(refusals.areRefused('a', 'model-1')).toBe(false)
  })

  it('are forgotten with the account', () => {
    const refusals = createFieldRefusals(() => 0)
    refusals.note('a', 'm')
    refusals.forget('a')
    expect(refusals.areRefused('a', 'm')).toBe(false)
  })

  it('leave a model that is the same object each time', () => {
    const refusals = createFieldRefusals(() => 0)
    const model = { ...sampleModel, requestFields: { type: 'object' } }
    expect(refusals.withoutFields(model)).toEqual(sampleModel)
    expect(refusals.withoutFields(model)).toBe(refusals.withoutFields(model))
    expect(refusals.withoutFields(sampleModel)).toBe(sampleModel)
  })
})
