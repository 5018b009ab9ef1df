import { basename, dirname } from 'node:path'
import type { Config } from '../config.ts'
import { handToOwner } from '../storage/hand-to-owner.ts'
import { locateDatabase } from '../storage/location.ts'

const FOLDERS: ReadonlySet<string> = new Set(['unsaved-tokens', 'unsaved-sign-ins', 'backups'])

/** After a command of root: what it has made belongs to whom the folder belongs, as whom the gateway runs. */
export function handOverData({ databaseUrl, dataDirectory }: Config): void {
  handToOwner(dataDirectory, (name) => name.startsWith('master.key') || FOLDERS.has(name))
  const location = locateDatabase(databaseUrl, dataDirectory)
  if (!('path' in location)) return
  const name = basename(location.path)
  handToOwner(dirname(location.path), (each) => each.startsWith(name) || each === 'backups')
}
