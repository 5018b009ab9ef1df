import { existsSync } from 'node:fs'
import type { MasterKey } from '../access/data-keys.ts'
import { openMasterKeySource, ownKeyPath, type MasterKeySettings } from '../access/master-key-source.ts'
import { BackupError } from './backup-error.ts'

/** The master keys that are there. None is ever made. Throws a StartError when one cannot be used. */
export function readHeldKeys(settings: MasterKeySettings): MasterKey[] {
  const { masterKey, masterKeyFile, dataDirectory } = settings
  const isGiven = masterKey !== undefined || masterKeyFile !== undefined
  if (!isGiven && !existsSync(ownKeyPath(dataDirectory))) return []
  return openMasterKeySource(settings, 'any').read()
}

/** Throws a BackupError that says which key is missing. */
export function findHeldKey(settings: MasterKeySettings, id: string): MasterKey {
  const held = readHeldKeys(settings)
  const found = held.find((each) => each.id === id)
  if (found !== undefined) return found
  const [first] = held
  throw new BackupError(
    first === undefined
      ? `master key ${id} is needed, and there is none here: put it into ${ownKeyPath(settings.dataDirectory)} (mode 600), or set MASTER_KEY`
      : `master key ${id} is needed, and ${first.id} is here: set MASTER_KEY_PREVIOUS to the one of that time`,
  )
}
