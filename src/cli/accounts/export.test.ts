import { readFileSync, statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { openCliUnderTest, type CliUnderTest } from '../../../test/cli-under-test.ts'
import { createFolder, q2apiRow } from '../../../test/import-samples.ts'

const passphrase = 'a passphrase of some length'
const exported = z.object({ format: z.string(), accounts: z.array(z.object({ label: z.string() })) })

describe('accounts export', () => {
  let cli: CliUnderTest
  let folder: ReturnType<typeof createFolder>
  beforeAll(async () => {
    folder = createFolder()
    cli = openCliUnderTest({ INIT_CWD: folder.pathOf('.') })
    const accounts = JSON.stringify([q2apiRow(1), q2apiRow(2, { label: '=evil()' })])
    await cli.run('accounts import - --yes --disabled', { input: accounts })
  })
  afterAll(() => {
    cli.close()
    folder.remove()
  })

  const read = (name: string) => readFileSync(folder.pathOf(name), 'utf8')

  it('writes accounts without their secrets, for their owner alone', async () => {
    const { exitCode, output } = await cli.run('accounts export plain.json')
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: 'exported 2 accounts to plain.json\n' })
    const { accounts } = exported.parse(JSON.parse(read('plain.json')))
    expect(accounts.map(({ label }) => label).toSorted()).toEqual(['=evil()', 'account 1'])
    expect(read('plain.json')).not.toContain('canary')
    expect(statSync(folder.pathOf('plain.json')).mode & 0o777).toBe(0o600)
  })

  it('writes a table, in which nothing is a formula, to standard output', async () => {
    const { output, notes } = await cli.run('accounts export --format csv -')
    expect(notes).toBe('')
    expect(output.split('\r\n')[0]).toMatch(/^id,label,clientId,/)
    expect(output).toContain(`"'=evil()"`)
    expect(output).not.toContain('canary')
  })

  it('locks secrets by a passphrase that is typed twice; another gateway takes them', async () => {
    const run = await cli.run('accounts export --with-secrets move.json --json', {
      answers: [passphrase, passphrase],
    })
    expect(run.json()).toMatchObject({ accounts: 2, withSecrets: true, file: folder.pathOf('move.json') })
    expect(read('move.json')).not.toMatch(/canary|client-1/)
    folder.write('passphrase.txt', `${passphrase}\n`)
    const other = openCliUnderTest({ INIT_CWD: folder.pathOf('.') })
    const taken = await other.run(
      'accounts import move.json --yes --disabled --passphrase-file passphrase.txt --json',
    )
    other.close()
    expect(taken.json()).toMatchObject({ source: 'aqueduct-export', created: 2 })
  })

  it('takes the passphrase from a file', async () => {
    folder.write('passphrase.txt', passphrase)
    const run = await cli.run('accounts export --with-secrets - --passphrase-file passphrase.txt')
    expect(run.output).toContain('"aqueduct-sealed"')
  })

  it.each([
    ['--with-secrets new.json', [passphrase, `${passphrase}.`], 1, 'The two are not the same.'],
    ['--with-secrets new.json', ['short', 'short'], 1, 'must be 12 to 1000 characters long'],
    ['--with-secrets new.json', undefined, 64, 'Say --passphrase-file'],
    ['--with-secrets --format csv new.json', [], 64, 'Secrets are exported as JSON alone.'],
    ['new.json --passphrase-file passphrase.txt', [], 64, 'say --with-secrets, too'],
    ['new.json --format xml', [], 64, 'Expected one of: json, csv'],
    ['no/such/folder.json', [], 1, 'no/such/folder.json cannot be written (ENOENT).'],
    ['taken.json', [''], 1, 'taken.json is there already. Replace it?'],
    ['taken.json', undefined, 64, 'Say --yes'],
  ])('writes nothing: %s', async (words, answers, code, sentence) => {
    folder.write('taken.json', 'mine')
    const { exitCode, output, notes } = await cli.run(`accounts export ${words}`, answers && { answers })
    expect({ exitCode, output }).toEqual({ exitCode: code, output: '' })
    expect(notes).toContain(sentence)
    expect(read('taken.json')).toBe('mine')
    expect(() => read('new.json')).toThrow('ENOENT')
  })

  it('replaces a file when it may', async () => {
    folder.write('taken.json', 'mine')
    expect(await cli.run('accounts export taken.json --yes')).toMatchObject({ exitCode: 0 })
    expect(read('taken.json')).toContain('aqueduct-accounts')
  })
})
