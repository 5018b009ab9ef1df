import { describe, expect, it } from 'vitest'
import { exportBody } from '../../../../src/http/admin/contract.ts'
import { blankExport, exportBodyOf, exportFaults } from './export-draft.ts'

const locked = { ...blankExport, withSecrets: true, passphrase: 'twelve chars', again: 'twelve chars' }

describe('a form for an export', () => {
  it('asks for no passphrase as long as there is no secret in it', () => {
    expect(exportFaults(blankExport)).toEqual([])
    expect(exportBodyOf({ ...blankExport, format: 'csv', passphrase: 'left over' })).toEqual({
      format: 'csv',
    })
  })

  it.each([
    ['short', { passphrase: 'eleven char', again: 'eleven char' }],
    ['different', { again: 'twelve charS' }],
  ])('finds a passphrase that is %s', (fault, edits) => {
    expect(exportFaults({ ...locked, ...edits })).toEqual([fault])
  })

  it('sends the password where one was typed, in a shape that the gateway takes', () => {
    expect(exportBodyOf(locked)).toEqual({ include_secrets: true, passphrase: 'twelve chars' })
    const body = exportBodyOf({ ...locked, password: 'mine' })
    expect(body).toEqual({ include_secrets: true, passphrase: 'twelve chars', password: 'mine' })
    expect(exportBody.parse(body)).toMatchObject(body)
  })
})
