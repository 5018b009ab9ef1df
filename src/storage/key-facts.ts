/** What a database file tells about the keys of its secrets, without opening it as the gateway's own. */
import BetterSqlite3 from 'better-sqlite3'
import * as z from 'zod'
import type { StoredDataKey } from '../access/data-keys.ts'
import { keyIdOf } from '../access/sealer.ts'

const dataKeyRows = z.array(
  z.object({
    id: z.string(),
    number: z.number(),
    purpose: z.enum(['root', 'old-root', 'values']),
    wrapped: z.string(),
    encryptions: z.number(),
  }),
)
const one = z.object({ found: z.union([z.string(), z.number()]) }).optional()

export interface KeyFacts {
  dataKeys: StoredDataKey[]
  /** Id of the master key of a database from before there were data keys. */
  wanted: string | undefined
  accounts: number
}

export function readKeyFacts(path: string): KeyFacts {
  const sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true })
  try {
    const hasTable = (name: string) =>
      sqlite.prepare("select 1 from sqlite_schema where type = 'table' and name = ?").get(name) !== undefined
    const read = (query: string) => one.parse(sqlite.prepare(query).get())?.found
    const check = hasTable('settings')
      ? read(`select value as found from settings where name = 'secret-check'`)
      : undefined
    return {
      dataKeys: hasTable('data_keys')
        ? dataKeyRows.parse(sqlite.prepare('select * from data_keys order by number').all())
        : [],
      wanted: check === undefined ? undefined : keyIdOf(String(check)),
      accounts: hasTable('accounts') ? Number(read('select count(*) as found from accounts')) : 0,
    }
  } finally {
    sqlite.close()
  }
}
