import { sql } from 'kysely'
import * as z from 'zod'
import type { Database } from './database.ts'

/** SQLite gives UTC text to the second, PostgreSQL's driver a Date. */
const databaseTime = z.union([
  z.date(),
  z
    .string()
    .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    .transform((text) => new Date(`${text.replace(' ', 'T')}Z`)),
])

/** The one clock that all processes on a database share. */
export async function readDatabaseTime(database: Database): Promise<Date> {
  const { rows } = await sql<{ now: unknown }>`select current_timestamp as now`.execute(database)
  return databaseTime.parse(rows[0]?.now)
}
