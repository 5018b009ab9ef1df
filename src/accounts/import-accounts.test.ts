import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openImportRig } from '../../test/import-rig.ts'
import type { NewAccount } from './account-input.ts'
import { countImported, importAccounts, type ImportRow } from './import-accounts.ts'

const by = { kind: 'operator' } as const

function accountOf(number: number, changes: Partial<NewAccount> = {}): NewAccount {
  return {
    clientId: `client-${number}`,
    clientSecret: `canary-secret-${number}`,
    refreshToken: `canary-refresh-${number}`,
    ...changes,
  }
}

type Rig = Awaited<ReturnType<typeof openImportRig>>
const storedIn = ({ database }: Rig) => database.selectFrom('accounts').selectAll().orderBy('id').execute()

const rowOf = (row: number, changes: Partial<NewAccount> = {}): ImportRow => ({
  row,
  account: accountOf(row, changes),
})

describe('an import', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await openImportRig()
  })
  afterEach(() => rig.close())

  const run = (rows: readonly ImportRow[], more: Partial<Parameters<typeof importAccounts>[1]> = {}) =>
    importAccounts(rows, { ...rig, by, ...more })

  it('R46: keeps what is known of an account: whether it is on, what was counted, and since when', async () => {
    const history = {
      createdAt: new Date('2025-11-02T10:20:30Z'),
      strikes: 7,
      successes: 70,
      lastRefresh: { status: 'failed', at: new Date('2026-01-19T08:00:00Z') },
      startUrl: 'https://view.awsapps.com/start',
      expiresAt: new Date('2026-01-19T09:00:00Z'),
      registrationExpiresAt: new Date('2026-04-01T00:00:00Z'),
    } as const
    const accessToken = 'canary-access'
    await run([
      rowOf(1, { enabled: true, accessToken, history }),
      rowOf(2, { enabled: false, accessToken, history }),
    ])
    const kept = {
      createdAt: history.createdAt,
      strikes: 7,
      successes: 70,
      lastRefresh: history.lastRefresh,
      startUrl: history.startUrl,
      expiresAt: history.expiresAt,
      registrationExpiresAt: history.registrationExpiresAt,
    }
    expect(await rig.store.list()).toMatchObject([
      { ...kept, status: { kind: 'ready' } },
      { ...kept, status: { kind: 'disabled', by: 'operator' } },
    ])
  })

  it('R46: a second time changes no account', async () => {
    const rows = Array.from({ length: 25 }, (_, index) => rowOf(index + 1))
    expect(countImported(await run(rows))).toEqual({ created: 25, duplicates: 0, invalid: 0 })
    const before = await storedIn(rig)
    expect(countImported(await run(rows))).toEqual({ created: 0, duplicates: 25, invalid: 0 })
    expect(await storedIn(rig)).toEqual(before)
  })

  it('knows an account by the tokens that it has now', async () => {
    const [first] = await run([rowOf(1)])
    const tokens = { accessToken: 'canary-a', refreshToken: 'canary-rotated', expiresAt: new Date(0) }
    await rig.store.saveTokens(first?.id ?? '', 1, { tokens, at: new Date(0) })
    expect(await run([rowOf(1, { refreshToken: 'canary-rotated' }), rowOf(1)])).toMatchObject([
      { status: 'duplicate', id: first?.id },
      { status: 'duplicate', id: first?.id },
    ])
  })

  it('tells of each row what became of it, in lots of their own, however they are cut', async () => {
    const rows = [
      rowOf(1),
      { row: 2, problem: 'It is none.' },
      rowOf(3, { clientId: 'client-1', refreshToken: 'canary-refresh-1' }),
      { row: 4, account: { clientId: 'client-4', clientSecret: 'canary' } },
      rowOf(5),
    ]
    const lots: number[] = []
    const done = await run(rows, { rowsAtOnce: 2, report: (lot) => lots.push(lot.length) })
    expect(done.map(({ row, status }) => [row, status])).toEqual([
      [1, 'created'],
      [2, 'invalid'],
      [3, 'duplicate'],
      [4, 'invalid'],
      [5, 'created'],
    ])
    expect(lots).toEqual([2, 2, 1])
    expect(await rig.store.list()).toHaveLength(2)
    expect(JSON.stringify(done)).not.toContain('canary')
  })

  it('ends between two lots when it is cancelled, and goes on from there the next time', async () => {
    const rows = Array.from({ length: 10 }, (_, index) => rowOf(index + 1))
    const cancelled = new AbortController()
    const done = await run(rows, { rowsAtOnce: 4, signal: cancelled.signal, report: () => cancelled.abort() })
    expect(done).toHaveLength(4)
    expect(await rig.store.list()).toHaveLength(4)
    expect(countImported(await run(rows))).toEqual({ created: 6, duplicates: 4, invalid: 0 })
  })

  it('records each lot, by whom, with what became of it', async () => {
    await run([rowOf(1), { row: 2, problem: 'It is none.' }])
    const events = await rig.database.selectFrom('events').selectAll().orderBy('id').execute()
    expect(JSON.stringify(events)).toContain('accounts-imported')
    expect(JSON.stringify(events)).not.toContain('canary')
  })
})
