/** The master key: made on the first start, kept in a file for this user alone, and held against the database. */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { StartError } from '../start-error.ts'
import { createSecrets, MASTER_KEY_BYTES, SealError, type Secrets } from './secrets.ts'

/** Keeps one sealed value; inserting where there is one already changes nothing. */
export interface SecretCheckStore {
  read(): Promise<string | undefined>
  insert(value: string): Promise<void>
}

interface SecretsSource {
  dataDirectory: string
  /** The values of MASTER_KEY and MASTER_KEY_FILE. Without either the key is `dataDirectory/master.key`. */
  masterKey?: string | undefined
  masterKeyFile?: string | undefined
  checks: SecretCheckStore
  randomBytes: (size: number) => Buffer
}

/** A key and how its source is called in messages. */
interface FoundKey {
  masterKey: Buffer
  source: string
}

const CHECK_PLACE = { table: 'settings', row: 'secret-check', column: 'value' }
const CHECK_TEXT = 'aqueduct'
/** Fewer different bytes do not happen by chance: somebody wrote a placeholder. */
const LEAST_DIFFERENT_BYTES = 8

/**
 * Secrets under the key of MASTER_KEY, else of MASTER_KEY_FILE, else of `dataDirectory/master.key`, which is made when
 * neither it nor anything sealed exists.
 * Throws a StartError, with nothing changed, when the key is missing, unsafe, or not the one of the database.
 */
export async function openSecrets(parts: SecretsSource): Promise<Secrets> {
  const { checks, randomBytes } = parts
  const ownPath = join(parts.dataDirectory, 'master.key')
  const check = await checks.read()
  const { masterKey, source } = findGivenKey(parts) ?? findOwnKey(ownPath, check, randomBytes)
  const secrets = createSecrets({ masterKey, randomBytes })
  if (source !== ownPath) refuseSecondKey({ ownPath, source, secrets, check, randomBytes })
  if (check === undefined) await checks.insert(secrets.seal(CHECK_TEXT, CHECK_PLACE))
  // Read again: of two processes that start at once only one has inserted its value.
  verify({ secrets, check: check ?? (await checks.read()), source })
  return secrets
}

/** The key that the operator gives by the environment. */
function findGivenKey({ masterKey, masterKeyFile }: SecretsSource): FoundKey | undefined {
  if (masterKey !== undefined && masterKeyFile !== undefined) {
    throw new StartError('MASTER_KEY and MASTER_KEY_FILE are both set: keep one of them.')
  }
  if (masterKey !== undefined)
    return { masterKey: parseGivenKey(masterKey, 'MASTER_KEY'), source: 'MASTER_KEY' }
  if (masterKeyFile === undefined) return undefined
  const source = `MASTER_KEY_FILE ${masterKeyFile}`
  return { masterKey: parseGivenKey(readGivenFile(masterKeyFile), source), source }
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

function parseGivenKey(text: string, source: string): Buffer {
  const trimmed = text.trim()
  const isHex = /^[0-9a-f]{64}$/i.test(trimmed)
  const isBase64 = /^[\w+/-]{43}=?$/.test(trimmed)
  const key = isHex ? Buffer.from(trimmed, 'hex') : Buffer.from(isBase64 ? trimmed : '', 'base64')
  if (key.length !== MASTER_KEY_BYTES) {
    throw new StartError(
      `${source} does not hold a master key: 64 hexadecimal digits, or base64 of 32 bytes (openssl rand -hex 32).`,
    )
  }
  if (new Set(key).size < LEAST_DIFFERENT_BYTES) {
    throw new StartError(`${source} is not random: make a key by openssl rand -hex 32.`)
  }
  return key
}

function findOwnKey(
  path: string,
  check: string | undefined,
  randomBytes: (size: number) => Buffer,
): FoundKey {
  const masterKey = readKeyFile(path) ?? (check === undefined ? createKeyFile(path, randomBytes) : undefined)
  if (masterKey !== undefined) return { masterKey, source: path }
  throw new StartError(
    `${path} is missing, and the database holds secrets sealed with it (key ${wantedBy(check)}): restore the file, or set MASTER_KEY or MASTER_KEY_FILE.`,
  )
}

interface SecondKey {
  ownPath: string
  source: string
  secrets: Secrets
  check: string | undefined
  randomBytes: (size: number) => Buffer
}

/** Two keys that differ are a mistake about to happen: the one that is not used would be lost, or used one day. */
function refuseSecondKey({ ownPath, source, secrets, check, randomBytes }: SecondKey): void {
  const other = readKeyFile(ownPath)
  if (other === undefined) return
  const { keyId } = createSecrets({ masterKey: other, randomBytes })
  if (keyId === secrets.keyId) return
  const wanted = check === undefined ? 'none yet' : `key ${wantedBy(check)}`
  throw new StartError(
    `${source} (key ${secrets.keyId}) and ${ownPath} (key ${keyId}) differ: take one of them away; the database wants ${wanted}.`,
  )
}

function verify({
  secrets,
  check,
  source,
}: {
  secrets: Secrets
  check: string | undefined
  source: string
}): void {
  try {
    if (check !== undefined && secrets.open(check, CHECK_PLACE) === CHECK_TEXT) return
  } catch (error) {
    if (!(error instanceof SealError)) throw error
  }
  throw new StartError(
    `${source} (key ${secrets.keyId}) is not the key of this database (key ${wantedBy(check)}): restore the right one.`,
  )
}

/** The id of the key by which the check value was sealed. */
function wantedBy(check: string | undefined): string {
  return check?.split(':')[1] ?? 'unknown'
}

function readKeyFile(path: string): Buffer | undefined {
  const file = openKeyFile(path)
  if (file === undefined) return undefined
  try {
    // Refused, not repaired, as ssh does: others may have read it, and the operator should know.
    if ((fstatSync(file).mode & 0o077) !== 0) {
      throw new StartError(
        `${path} can be read by others: make sure nobody copied it, then run chmod 600 on it.`,
      )
    }
    const text = readFileSync(file, 'utf8').trim()
    if (!new RegExp(`^[0-9a-f]{${MASTER_KEY_BYTES * 2}}$`).test(text)) {
      throw new StartError(`${path} does not hold a master key (64 hexadecimal digits): restore the file.`)
    }
    return Buffer.from(text, 'hex')
  } finally {
    closeSync(file)
  }
}

function openKeyFile(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') return undefined
    const hint = code === 'ELOOP' ? 'it is a symbolic link, put the file itself there' : code
    throw new StartError(`${path} cannot be read: ${hint}.`, error)
  }
}

/**
 * Written under another name, flushed, then linked: the key file exists whole or not at all, also after a power cut,
 * and of two processes that start at once one wins and the other reads the winner's.
 */
function createKeyFile(path: string, randomBytes: (size: number) => Buffer): Buffer | undefined {
  const draft = `${path}.${randomBytes(8).toString('hex')}`
  try {
    writeFileSync(draft, `${randomBytes(MASTER_KEY_BYTES).toString('hex')}\n`, {
      flag: 'wx',
      mode: 0o600,
      flush: true,
    })
    linkUnlessPresent(draft, path)
    flushDirectory(dirname(path))
  } catch (error) {
    throw new StartError(`${path} cannot be created: make its folder writable for this user.`, error)
  } finally {
    rmSync(draft, { force: true })
  }
  return readKeyFile(path)
}

function linkUnlessPresent(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
}

function flushDirectory(path: string): void {
  const directory = openSync(path, constants.O_RDONLY)
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
