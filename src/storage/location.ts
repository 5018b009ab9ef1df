import { join } from 'node:path'
import { StartError } from '../start-error.ts'

/** A file of SQLite, or the address of a PostgreSQL server with its credentials. */
export type DatabaseLocation = { path: string } | { url: string }

/** Reads DATABASE_URL; without one it is a file in the data folder. The address may hold a password: it is never repeated. */
export function locateDatabase(databaseUrl: string | undefined, dataDirectory: string): DatabaseLocation {
  if (databaseUrl === undefined) return { path: join(dataDirectory, 'data.sqlite3') }
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/i.exec(databaseUrl) ?? []
  switch (scheme.toLowerCase()) {
    case 'sqlite':
      return { path: sqlitePath(rest) }
    case 'postgres':
    case 'postgresql':
      if (!URL.canParse(databaseUrl)) throw new StartError('DATABASE_URL is not a valid postgres:// address.')
      return { url: databaseUrl }
    case 'mysql':
      throw new StartError('DATABASE_URL: MySQL comes later; use sqlite:PATH or postgres://… for now.')
    default:
      throw new StartError('DATABASE_URL must be sqlite:PATH or postgres://user:password@host/database.')
  }
}

/** `sqlite:data.db`, `sqlite:/srv/data.db` and, as other programs write it, `sqlite:///srv/data.db`. */
function sqlitePath(rest: string): string {
  const path = rest.startsWith('//') ? rest.slice(2) : rest
  if (path === '' || path.includes('\0'))
    throw new StartError('DATABASE_URL: sqlite: lacks the path of a file.')
  return path
}
