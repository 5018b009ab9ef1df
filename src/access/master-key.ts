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
  checks: SecretCheckStore
  randomBytes: (size: number) => Buffer
}

const CHECK_PLACE = { table: 'settings', row: 'secret-check', column: 'value' }
const CHECK_TEXT = 'aqueduct'

/**
 * Secrets under the key of `dataDirectory/master.key`, which is made when neither it nor anything sealed exists.
 * Throws a StartError, with nothing changed, when the key is missing, unsafe, or not the one of the database.
 */
export async function openSecrets({ dataDirectory, checks, randomBytes }: SecretsSource): Promise<Secrets> {
  const path = join(dataDirectory, 'master.key')
  const check = await checks.read()
  const masterKey = readKeyFile(path) ?? (check === undefined ? createKeyFile(path, randomBytes) : undefined)
  if (masterKey === undefined) {
    throw new StartError(
      `${path} is missing, and the database holds secrets sealed with it: restore the file.`,
    )
  }
  const secrets = createSecrets({ masterKey, randomBytes })
  if (check === undefined) await checks.insert(secrets.seal(CHECK_TEXT, CHECK_PLACE))
  // Read again: of two processes that start at once only one has inserted its value.
  verify({ secrets, check: check ?? (await checks.read()), path })
  return secrets
}

function verify({
  secrets,
  check,
  path,
}: {
  secrets: Secrets
  check: string | undefined
  path: string
}): void {
  try {
    if (check !== undefined && secrets.open(check, CHECK_PLACE) === CHECK_TEXT) return
  } catch (error) {
    if (!(error instanceof SealError)) throw error
  }
  const [, wanted = 'unknown'] = check?.split(':') ?? []
  throw new StartError(
    `${path} (key ${secrets.keyId}) is not the key of this database (key ${wanted}): restore the right file.`,
  )
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
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
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

function flushDirectory(path: string): void {
  const directory = openSync(path, constants.O_RDONLY)
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
