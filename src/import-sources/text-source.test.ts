import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readAccount } from '../../test/import-samples.ts'
import { createEnvelopes } from '../access/export-envelope.ts'
import { decodeText } from './decode-text.ts'
import { createJudge } from './judge-row.ts'
import { readTextSource } from './text-source.ts'

const parts = { judge: createJudge(readAccount), readBeside: async () => undefined, openEnvelope: undefined }
const read = (text: string) => readTextSource(text, parts)

const own = {
  label: 'one',
  clientId: 'client',
  clientSecret: 'canary-secret',
  refreshToken: 'canary-refresh',
  enabled: false,
  error_count: 3,
  success_count: 40,
  created_at: '2025-11-02T10:20:30',
}
const taken = {
  label: 'one',
  clientId: 'client',
  refreshToken: 'canary-refresh',
  enabled: false,
  history: { strikes: 3, successes: 40, createdAt: new Date('2025-11-02T10:20:30Z') },
}

describe('JSON with accounts', () => {
  const folded = Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]))
  const shapes: [string, unknown][] = [
    ['a list', [own]],
    ['an object with `accounts`', { accounts: [own], count: 1 }],
    ['one account', own],
    ['names as PostgreSQL folds them', [folded]],
    [
      'names with underscores',
      [
        {
          ...own,
          clientId: null,
          clientSecret: null,
          refreshToken: null,
          client_id: 'client',
          client_secret: 'canary-secret',
          refresh_token: 'canary-refresh',
        },
      ],
    ],
  ]
  it.each(shapes)('is %s', async (_name, value) => {
    const source = await read(JSON.stringify(value))
    expect(source.kind).toBe('json')
    expect(source.rows).toMatchObject([{ row: 1, name: 'one', account: taken }])
  })

  it('is an export of this gateway, with its settings', async () => {
    const settings = {
      tags: ['a'],
      weight: 2,
      priority: 1,
      channel: 'q-rest',
      region: 'eu-central-1',
      signInRegion: 'eu-west-1',
      profileArn: 'none',
      optOut: false,
    }
    const source = await read(
      JSON.stringify({ format: 'aqueduct-accounts', version: 1, accounts: [{ ...own, ...settings }] }),
    )
    expect(source.kind).toBe('aqueduct-export')
    expect(source.rows).toMatchObject([{ account: { ...taken, ...settings } }])
  })

  it('is an export that was locked, with its passphrase', async () => {
    const envelopes = createEnvelopes(randomBytes)
    const document = { format: 'aqueduct-accounts', version: 1, accounts: [own] }
    const sealed = await envelopes.seal(JSON.stringify(document), 'a long passphrase')
    const openEnvelope = (envelope: unknown) => envelopes.open(envelope, 'a long passphrase')
    const source = await readTextSource(JSON.stringify(sealed), { ...parts, openEnvelope })
    expect(source).toMatchObject({ kind: 'aqueduct-export', rows: [{ account: taken }] })
  })

  it('is what tools around Kiro keep, whose region is that of the sign-in', async () => {
    const tool = {
      authMethod: 'idc',
      clientId: 'client',
      clientSecret: 'canary-secret',
      refreshToken: 'canary-refresh',
      region: 'ap-southeast-2',
      expiresAt: '2026-11-23T05:00:00Z',
    }
    const { rows } = await read(JSON.stringify([tool, { ...tool, authMethod: 'social' }]))
    expect(rows).toMatchObject([
      {
        account: {
          clientId: 'client',
          channel: 'kiro-runtime',
          signInRegion: 'ap-southeast-2',
          history: { expiresAt: new Date('2026-11-23T05:00:00Z') },
        },
      },
      { row: 2, problem: expect.stringMatching(/Google/) },
    ])
    expect(rows[0]).not.toHaveProperty('account.region')
  })

  it('tells of each account that cannot be one, without its secrets', async () => {
    const rows = [
      null,
      'canary',
      { ...own, refreshToken: '' },
      { ...own, region: 'canary-in-the-wrong-place' },
      { ...own, models: ['canary-model'] },
      { ...own, clientSecret: ['canary'] },
      own,
    ]
    const source = await read(JSON.stringify(rows))
    expect(source.rows.map((row) => ('problem' in row ? row.problem : 'account'))).toEqual([
      expect.stringMatching(/no object/),
      expect.stringMatching(/no object/),
      expect.stringMatching(/no refreshToken/),
      'region: This value is not known here.',
      'models: This value is not known here.',
      expect.stringMatching(/no clientSecret/),
      'account',
    ])
    expect(JSON.stringify(source.rows.slice(0, -1))).not.toContain('canary')
  })

  it.each([
    ['utf-8 with a mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['utf-16 with a mark', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['utf-16 without one', (text: string) => Buffer.from(text, 'utf16le')],
    ['utf-16, the high byte first', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ])('F17: may be %s', async (_name, encode) => {
    const source = await read(decodeText(encode(JSON.stringify([{ ...own, label: '工作' }]))))
    expect(source.rows).toMatchObject([{ name: '工作', account: { clientId: 'client' } }])
  })
})

const header = 'label,clientId,clientSecret,refreshToken,enabled,weight,tags,optOut,created_at'
const cells = (label: string) =>
  `${label},client,canary-secret,canary-refresh,false,2,a b,true,2025-11-02T10:20:30Z`

describe('a table with accounts', () => {
  it.each([
    ['commas', (text: string) => text],
    ['semicolons', (text: string) => text.replaceAll(',', ';')],
    ['tabs and Windows line ends', (text: string) => text.replaceAll(',', '\t').replaceAll('\n', '\r\n')],
  ])('may be separated by %s', async (_name, write) => {
    const source = await read(write(`${header}\n${cells('one')}\n\n${cells('two')}\n`))
    expect(source.kind).toBe('csv')
    const account = { clientId: 'client', enabled: false, weight: 2, tags: ['a', 'b'], optOut: true }
    expect(source.rows).toMatchObject([
      { row: 1, name: 'one', account },
      { row: 2, name: 'two', account },
    ])
  })

  it.each([
    ['"one, ""two""\nthree"', 'one, "two" three'],
    ['=1+1', '=1+1'],
    // As this gateway writes it.
    [`"'=cmd|' /C calc'!A0"`, `=cmd|' /C calc'!A0`],
    [`'tis`, `'tis`],
  ])('F17: takes the cell %s for the text %s', async (cell, label) => {
    expect((await read(`${header}\n${cells(cell)}`)).rows).toMatchObject([{ account: { label } }])
  })

  it('that was exported has no secrets, and says so in each row', async () => {
    const { rows } = await read(`label,clientId,enabled\none,client,true`)
    expect(rows).toMatchObject([
      { name: 'one', problem: expect.stringMatching(/no clientSecret and no refreshToken/) },
    ])
  })

  it.each([
    [`${header}\n"one`, /never closed/],
    [`${header}\n"one"two`, /behind the end of a quoted cell/],
    [`clientId,clientSecret\na,b,c`, /more cells/],
  ])('is refused when it is none: %s', async (text, sentence) => {
    await expect(read(text)).rejects.toThrow(sentence)
  })
})
