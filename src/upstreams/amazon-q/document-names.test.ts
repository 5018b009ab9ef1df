import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDocumentNames } from './document-names.ts'

describe('document names', () => {
  it.each([
    ['Plan', 'Plan'],
    ['Q3 report (final) [2].pdf', 'Q3 report (final) [2]-pdf'],
    ['  two  blanks\n', 'two blanks'],
    ['Résumé_v2.docx', 'Resume-v2-docx'],
    ['計画', 'Document'],
    ['', 'Document'],
    ['---', 'Document'],
  ])('%j becomes %j', (name, valid) => {
    expect(createDocumentNames()(name)).toBe(valid)
  })

  it('are valid, and each comes once', () => {
    const someName = fc.oneof(
      fc.string({ maxLength: 250 }),
      fc.constantFrom('a', 'A', 'a (2)', 'a (3)', 'x'.repeat(300)),
    )
    fc.assert(
      fc.property(fc.array(someName, { maxLength: 8 }), (names) => {
        const nameOf = createDocumentNames()
        const given = names.map(nameOf)
        for (const name of given) expect(name).toMatch(/^(?! )(?!.* {2})[A-Za-z0-9 ()[\]-]{1,200}$/)
        expect(new Set(given).size).toBe(given.length)
      }),
    )
  })
})
