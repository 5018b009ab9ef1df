import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createReasoningSeal } from './reasoning-seal.ts'

const origin = { accountId: 'account-1', modelId: 'claude-opus-4.6' }
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

describe('a reasoning seal', () => {
  it('opens for the account and model that closed it, also in another run of the program', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (proof) => {
        expect(createReasoningSeal(origin).open(createReasoningSeal(origin).close(proof))).toBe(proof)
      }),
    )
  })

  it.each([
    ['another account', { ...origin, accountId: 'account-2' }],
    ['another model', { ...origin, modelId: 'claude-opus-4.7' }],
    ['names that only look the same in a row', { accountId: 'account-1c', modelId: 'laude-opus-4.6' }],
  ])('stays closed for %s', (_name, other) => {
    expect(createReasoningSeal(other).open(createReasoningSeal(origin).close('proof'))).toBeUndefined()
  })

  it.each([[''], ['proof'], ['YXEx'], [createReasoningSeal(origin).close('')]])(
    'is not found on %j',
    (foreign) => {
      expect(createReasoningSeal(origin).open(foreign)).toBeUndefined()
    },
  )

  it('leaves base64 valid', () => {
    fc.assert(
      fc.property(fc.base64String(), (proof) => {
        expect(createReasoningSeal(origin).close(proof)).toMatch(BASE64)
      }),
    )
  })

  it('does not tell the account', () => {
    const sealed = Buffer.from(createReasoningSeal(origin).close(''), 'base64').toString('latin1')
    expect(sealed).not.toContain('account')
  })
})
