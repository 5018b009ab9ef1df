/** Where the master key comes from: MASTER_KEY, else MASTER_KEY_FILE, else `master.key` in the data folder. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from '../start-error.ts'
import { createMasterKey, type MasterKey, type RandomBytes } from './data-keys.ts'
import { codeOf, createKeyFile, readKeyFile } from './master-key-file.ts'
import { KEY_BYTES } from './sealer.ts'

export interface MasterKeySettings {
  dataDirectory: string
  /** The values of MASTER_KEY, MASTER_KEY_FILE and MASTER_KEY_PREVIOUS. */
  masterKey?: string | undefined
  masterKeyFile?: string | undefined
  masterKeyPrevious?: string | undefined
  randomBytes: RandomBytes
}

export interface MasterKeySource {
  /** For messages. */
  readonly name: string
  readonly kind: 'variable' | 'given-file' | 'own-file'
  /** The key to be used, then others that the data keys may still be wrapped by. Reads files again. */
  read(): MasterKey[]
}

/** Fewer different bytes do not happen by chance: somebody wrote a placeholder. */
const LEAST_DIFFERENT_BYTES = 8

export function ownKeyPath(dataDirectory: string): string {
  return join(dataDirectory, 'master.key')
}

/** `wanted`: the key of the database, if it has one; then no new key is ever made. */
export function openMasterKeySource(
  settings: MasterKeySettings,
  wanted: string | undefined,
): MasterKeySource {
  const { masterKey, masterKeyFile, randomBytes } = settings
  if (masterKey !== undefined && masterKeyFile !== undefined) {
    throw new StartError('MASTER_KEY and MASTER_KEY_FILE are both set: keep one of them.')
  }
  const withPrevious = (keys: readonly Buffer[]) =>
    [...keys, ...readPrevious(settings)].map((key) => createMasterKey(key, randomBytes))
  if (masterKey !== undefined) {
    const name = 'MASTER_KEY'
    return { name, kind: 'variable', read: () => withPrevious([parseKey(masterKey, name)]) }
  }
  if (masterKeyFile !== undefined) {
    const name = `MASTER_KEY_FILE ${masterKeyFile}`
    const read = () => withPrevious([parseKey(readGivenFile(masterKeyFile), name)])
    return { name, kind: 'given-file', read }
  }
  const path = ownKeyPath(settings.dataDirectory)
  const found = readKeyFile(path) ?? (wanted === undefined ? createKeyFile(path, randomBytes) : undefined)
  if (found === undefined) throw missing(path, wanted)
  return { name: path, kind: 'own-file', read: () => withPrevious(readKeyFile(path) ?? []) }
}

function missing(path: string, wanted: string | undefined): StartError {
  return new StartError(
    `${path} is missing, and the database holds secrets sealed with it (key ${wanted ?? 'unknown'}): restore the file, or set MASTER_KEY or MASTER_KEY_FILE.`,
  )
}

/** Two keys that differ are a mistake about to happen: the one that is not used would be lost, or used one day. */
export function refuseSecondKey(
  settings: MasterKeySettings,
  { source, wanted }: { source: MasterKeySource; wanted: string | undefined },
): void {
  if (source.kind === 'own-file') return
  const ownPath = ownKeyPath(settings.dataDirectory)
  const own = (readKeyFile(ownPath) ?? []).map((key) => createMasterKey(key, settings.randomBytes).id)
  const [given] = source.read()
  if (own[0] === undefined || given === undefined || own.includes(given.id)) return
  throw new StartError(
    `${source.name} (key ${given.id}) and ${ownPath} (key ${own[0]}) differ: take one of them away; the database wants ${wanted === undefined ? 'none yet' : `key ${wanted}`}.`,
  )
}

function readPrevious({ masterKeyPrevious }: MasterKeySettings): Buffer[] {
  return masterKeyPrevious === undefined ? [] : [parseKey(masterKeyPrevious, 'MASTER_KEY_PREVIOUS')]
}

/**
 * Whoever mounts a file as a secret answers for its mode: Docker and Kubernetes make them readable by all in the
 * container, and Kubernetes makes them symbolic links. So neither is refused here, unlike with our own file.
 */
function readGivenFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new StartError(`MASTER_KEY_FILE ${path} cannot be read: ${codeOf(error)}.`, error)
  }
}

function parseKey(text: string, source: string): Buffer {
  const trimmed = text.trim()
  const isHex = /^[0-9a-f]{64}$/i.test(trimmed)
  const isBase64 = /^[\w+/-]{43}=?$/.test(trimmed)
  const key = isHex ? Buffer.from(trimmed, 'hex') : Buffer.from(isBase64 ? trimmed : '', 'base64')
  if (key.length !== KEY_BYTES) {
    throw new StartError(
      `${source} does not hold a master key: 64 hexadecimal digits, or base64 of 32 bytes (openssl rand -hex 32).`,
    )
  }
  if (new Set(key).size < LEAST_DIFFERENT_BYTES) {
    throw new StartError(`${source} is not random: make a key by openssl rand -hex 32.`)
  }
  return key
}
