import { describe, expect, it } from 'vitest'
import { previewRows } from './read-import.ts'
import { writeResult } from './write-result.ts'

const row = { clientId: 'client-1', clientSecret: 'secret-1', refreshToken: 'token-1', label: 'First' }

describe('the result of an import', () => {
  it('tells of each row in the file, without a secret', () => {
    const rows = [row, row, { ...row, refreshToken: '' }, { ...row, clientId: 'client-2' }]
    const results = [{ index: 0, status: 'created', id: 'account-1' }]
    const written = writeResult(results, previewRows(rows, new Set()))
    expect(written).toEqual([
      { row: 1, status: 'created', label: 'First', clientId: 'client-1', accountId: 'account-1' },
      { row: 2, status: 'repeated', label: 'First', clientId: 'client-1' },
      { row: 3, status: 'invalid', label: 'First', clientId: 'client-1', error: 'lacks refreshToken' },
      { row: 4, status: 'not sent', label: 'First', clientId: 'client-2' },
    ])
    expect(JSON.stringify(written)).not.toMatch(/secret-1|token-1/)
  })

  it('tells of a locked export what the gateway told', () => {
    expect(writeResult([{ index: 0, status: 'invalid', error: 'It lacks something.' }], [])).toEqual([
      { row: 1, status: 'invalid', error: 'It lacks something.' },
    ])
  })
})
