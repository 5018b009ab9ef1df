import { describe, expect, it } from 'vitest'
import { applyWishes, MOST_ROWS, previewRows, readImport } from './read-import.ts'

const row = { clientId: 'client-1', clientSecret: 'secret-1', refreshToken: 'token-1', label: 'First' }

describe('what is handed in', () => {
  it.each([
    ['accounts as q2api lists them', [row], { kind: 'rows', source: 'list', rows: [row] }],
    ['the same within an object', { accounts: [row] }, { kind: 'rows', source: 'list', rows: [row] }],
    ['one account', row, { kind: 'rows', source: 'list', rows: [row] }],
    [
      'an export of ours',
      { format: 'aqueduct-accounts', version: 1, accounts: [row] },
      { kind: 'rows', source: 'export', rows: [row] },
    ],
    [
      'an export of ours without accounts',
      { format: 'aqueduct-accounts', version: 1, accounts: [] },
      { kind: 'rows', source: 'export', rows: [] },
    ],
    [
      'a locked export',
      { format: 'aqueduct-sealed', version: 1, ciphertext: 'x' },
      { kind: 'sealed', envelope: { format: 'aqueduct-sealed', version: 1, ciphertext: 'x' } },
    ],
    [
      'an export of a version to come',
      { format: 'aqueduct-accounts', version: 2, accounts: [] },
      { kind: 'unreadable', why: 'newer' },
    ],
    ['an empty list', [], { kind: 'unreadable', why: 'no-accounts' }],
    ['some other object', { users: [] }, { kind: 'unreadable', why: 'no-accounts' }],
    ['a number', 7, { kind: 'unreadable', why: 'no-accounts' }],
  ])('is made out: %s', (_, value, read) => {
    expect(readImport(JSON.stringify(value))).toEqual(read)
  })

  it.each([
    ['nothing', ' \n', 'empty'],
    ['no JSON', 'clientId,clientSecret', 'no-json'],
    ['too much', ' '.repeat(10 * 1024 * 1024 + 1), 'too-large'],
    ['too many', JSON.stringify(Array.from({ length: MOST_ROWS + 1 }, () => 0)), 'too-many'],
  ])('is refused when it is %s', (_, text, why) => {
    expect(readImport(text)).toEqual({ kind: 'unreadable', why })
  })

  it('is read behind the mark that some editors put before it', () => {
    expect(readImport(`\uFEFF${JSON.stringify([row])}`)).toMatchObject({ kind: 'rows' })
  })
})

describe('the preview of an import', () => {
  it('tells new rows from those that may be here, that repeat another, or lack something', () => {
    const rows = [
      row,
      { ...row, label: 'Again' },
      { ...row, refreshToken: 'token-2' },
      { ...row, clientId: 'client-2' },
      { clientId: 'client-3', clientSecret: 's' },
      { ...row, clientId: '' },
      { ...row, clientSecret: 7 },
      'text',
    ]
    expect(
      previewRows(rows, new Set(['client-2'])).map(({ state, fault, twinOf }) => fault ?? twinOf ?? state),
    ).toEqual(['new', 0, 'new', 'known', 'refreshToken', 'clientId', 'clientSecret', 'no-object'])
  })

  it('holds no secret', () => {
    const secret = { ...row, clientId: 'a-client-with-a-long-id' }
    const shown = JSON.stringify(previewRows([secret, secret, { ...secret, clientSecret: '' }], new Set()))
    expect(shown).not.toMatch(/secret-1|token-1|a-client-with-a-long-id/)
    expect(shown).toContain('a-cl…g-id')
  })
})

describe('what an operator wishes for all rows', () => {
  it('leaves them as they are otherwise', () => {
    expect(applyWishes([row, 'text'], { enabled: 'as-told', tags: [] })).toEqual([row, 'text'])
  })

  it('adds tags and switches off', () => {
    const tagged = { ...row, tags: ['a'], enabled: true }
    expect(applyWishes([tagged, row], { enabled: 'off', tags: ['a', 'b'] })).toEqual([
      { ...row, tags: ['a', 'b'], enabled: false },
      { ...row, tags: ['a', 'b'], enabled: false },
    ])
  })

  it('reads the numbers that q2api writes for switches', () => {
    const rows = [
      { ...row, enabled: 1 },
      { ...row, enabled: 0 },
    ]
    expect(applyWishes(rows, { enabled: 'as-told', tags: [] })).toEqual([
      { ...row, enabled: true },
      { ...row, enabled: false },
    ])
  })
})
