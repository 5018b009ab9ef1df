import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openReasoning, sealReasoning } from './sealed-reasoning.ts'
import { openSummary, sealSummary } from './sealed-summary.ts'

const text = fc.string({ unit: 'grapheme' })

describe('reasoning in its seal', () => {
  it.each([
    ['with a signature', { kind: 'thinking', text: 'hm', signature: 's' } as const],
    ['without one', { kind: 'thinking', text: 'hm' } as const],
    ['that was not shown', { kind: 'thinking', text: '', signature: 's' } as const],
    ['that is redacted', { kind: 'redacted-thinking', data: 'AAAA' } as const],
  ])('comes back as it was: %s', (_name, reasoning) => {
    const sealed = sealReasoning(reasoning)
    expect(sealed).toMatch(/^[\w.-]+$/)
    expect(openReasoning(sealed)).toEqual(reasoning)
  })

  it('comes back whatever was thought', () => {
    fc.assert(
      fc.property(text, (thought) => {
        const reasoning = { kind: 'thinking', text: thought } as const
        expect(openReasoning(sealReasoning(reasoning))).toEqual(reasoning)
      }),
    )
  })

  it.each([
    ['nothing', ''],
    ['that of another service', 'gAAAAABo1x2y3z'],
    ['no JSON', 'aq1.AAAA'],
    ['cut off', sealReasoning({ kind: 'thinking', text: 'hm' }).slice(0, -4)],
    ['of another version', sealReasoning({ kind: 'thinking', text: 'hm' }).replace('aq1', 'aq9')],
    ['a summary', sealSummary('hm')],
  ])('is not found in what is none: %s', (_name, sealed) => {
    expect(openReasoning(sealed)).toBeUndefined()
  })
})

describe('a summary in its seal', () => {
  it('comes back whatever it says', () => {
    fc.assert(
      fc.property(text, (said) => {
        expect(openSummary(sealSummary(said))).toBe(said)
      }),
    )
  })

  it.each([
    ['that of another service', 'gAAAAABo1x2y3z'],
    ['reasoning', sealReasoning({ kind: 'thinking', text: 'hm' })],
  ])('is not found in what is none: %s', (_name, sealed) => {
    expect(openSummary(sealed)).toBeUndefined()
  })
})
