/** The master key: held against the database at the start, and rotated without stopping. */
import { GatewayError } from '../conversation/failures.ts'
import { unreachable } from '../conversation/unreachable.ts'
import { StartError } from '../start-error.ts'
import {
  createMasterKey,
  insertFirstKeys,
  openDataKeys,
  rewrapAll,
  wrapperOf,
  type DataKeyChange,
  type DataKeys,
  type DataKeyStore,
  type MasterKey,
} from './data-keys.ts'
import { readKeyFile, replaceKeyFile } from './master-key-file.ts'
import {
  openMasterKeySource,
  ownKeyPath,
  refuseSecondKey,
  type MasterKeySettings,
  type MasterKeySource,
} from './master-key-source.ts'
import { KEY_BYTES, keyIdOf, nameKey, SealError } from './sealer.ts'
import { createSecrets } from './secrets.ts'

/** Reads the value that databases have from before there were data keys, sealed with the master key. */
export interface SecretCheckStore {
  read(): Promise<string | undefined>
}

export interface SecretsSource extends MasterKeySettings {
  checks: SecretCheckStore
  dataKeys: DataKeyStore
}

export interface OpenSecrets extends DataKeys {
  /** The data keys are wrapped by another master key from now on. Answers its id. */
  readonly rotateMaster: () => Promise<string>
}

type FindMaster = (id?: string) => MasterKey | undefined

const CHECK_PLACE = { table: 'settings', row: 'secret-check', column: 'value' }
const CHECK_TEXT = 'aqueduct'

/**
 * Secrets under the data keys of the database, which the master key opens. Where there are none they are made, and the
 * master key with them when none is given.
 * Throws a StartError, with nothing changed, when the master key is missing, unsafe, or not the one of the database.
 */
export async function openSecrets(parts: SecretsSource): Promise<OpenSecrets> {
  const { checks, dataKeys: store } = parts
  const check = await checks.read()
  // Asked first: another process that starts now makes its keys before it seals anything.
  const areNeeded = await store.areNeeded()
  const stored = wrapperOf(await store.read())
  if (areNeeded && stored === undefined) {
    throw new StartError(
      'The data keys of the database are gone, and its accounts need them: restore a backup.',
    )
  }
  const wanted = stored ?? (check === undefined ? undefined : (keyIdOf(check) ?? 'unknown'))
  const source = openMasterKeySource(parts, wanted)
  refuseSecondKey(parts, { source, wanted })
  const held = source.read()
  refuseOtherKey({ source, held, wanted })
  if (stored === undefined) await makeDataKeys(parts, { source, held, check })
  const findMaster = createMasterFinder(source)
  const keys = await open(parts, findMaster)
  await settle(parts, source)
  return { ...keys, rotateMaster: () => rotateMaster(parts, { source, findMaster }) }
}

interface Held {
  source: MasterKeySource
  held: readonly MasterKey[]
}

function refuseOtherKey({ source, held, wanted }: Held & { wanted: string | undefined }): void {
  if (wanted === undefined || held.some(({ id }) => id === wanted)) return
  const hint =
    source.kind === 'own-file'
      ? 'restore the right one'
      : 'restore the right one, or set MASTER_KEY_PREVIOUS to it'
  throw new StartError(
    `${source.name} (key ${held[0]?.id ?? 'none'}) is not the key of this database (key ${wanted}): ${hint}.`,
  )
}

/** Once: of two processes that start at the same moment the later one finds them made. */
async function makeDataKeys(
  { dataKeys, randomBytes }: SecretsSource,
  { source, held, check }: Held & { check: string | undefined },
): Promise<void> {
  await dataKeys.change(async (change) => {
    const made = wrapperOf(change.keys)
    if (made !== undefined) return refuseOtherKey({ source, held, wanted: made })
    const wanted = check === undefined ? undefined : keyIdOf(check)
    const master = held.find(({ id }) => wanted === undefined || id === wanted)
    if (master === undefined) throw new TypeError('There is no master key.')
    if (check !== undefined) refuseDamagedCheck(check, master, { source, randomBytes })
    await insertFirstKeys(change, { master, oldRoot: check !== undefined, randomBytes })
  })
}

function refuseDamagedCheck(
  check: string,
  master: MasterKey,
  { source, randomBytes }: { source: MasterKeySource; randomBytes: (size: number) => Buffer },
): void {
  try {
    if (createSecrets({ masterKey: master.key, randomBytes }).open(check, CHECK_PLACE) === CHECK_TEXT) return
  } catch (error) {
    if (!(error instanceof SealError)) throw error
  }
  throw new StartError(
    `${source.name} (key ${master.id}) is not the key of this database (key ${keyIdOf(check) ?? 'unknown'}): restore the right one.`,
  )
}

/** Remembers what it has seen: a file that was replaced, or cannot be read for a moment, does not matter. */
function createMasterFinder(source: MasterKeySource): FindMaster {
  const known = new Map<string, MasterKey>()
  return (id = '') => {
    if (!known.has(id)) for (const master of source.read()) known.set(master.id, master)
    return known.get(id)
  }
}

async function open({ dataKeys, randomBytes }: SecretsSource, findMaster: FindMaster): Promise<DataKeys> {
  try {
    return await openDataKeys({ store: dataKeys, findMaster, randomBytes })
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new StartError('The data keys of the database are damaged: restore a backup.', error)
  }
}

/** Ends a rotation: the given key takes the place of the previous one, and our own file holds no more than one. */
async function settle({ dataKeys, dataDirectory, randomBytes }: SecretsSource, source: MasterKeySource) {
  const held = source.read()
  const [to] = held
  if (to === undefined || held.length < 2) return
  await dataKeys.change(async (change) => {
    // Read inside the change, so that no rotation is under way that needs both.
    const wanted = wrapperOf(change.keys)
    const own = source.kind === 'own-file' ? readKeyFile(ownKeyPath(dataDirectory)) : undefined
    const kept = own?.find((key) => nameKey(key) === wanted)
    const from = held.find(({ id }) => id === wanted)
    if (own !== undefined && kept !== undefined) {
      if (own.length > 1) replaceKeyFile(ownKeyPath(dataDirectory), [kept], randomBytes)
    } else if (from !== undefined && from.id !== to.id) await rewrapAll(change, { from, to })
  })
}

interface RotationParts {
  source: MasterKeySource
  findMaster: FindMaster
}

async function rotateMaster(parts: SecretsSource, rotation: RotationParts): Promise<string> {
  const { kind, name } = rotation.source
  switch (kind) {
    case 'own-file':
      return rotateOwnFile(parts, rotation)
    case 'given-file':
      return rotateGivenFile(parts, rotation)
    case 'variable':
      throw new GatewayError(
        'invalid-request',
        `The master key comes from ${name}: start the gateway with the new key there and the old one in MASTER_KEY_PREVIOUS.`,
        { field: 'what' },
      )
    default:
      return unreachable(kind)
  }
}

/**
 * First the file holds both keys, then the database is switched over, then the file holds the new key alone: whatever is
 * cut off when, the file holds the key that the database wants.
 */
async function rotateOwnFile(parts: SecretsSource, { source, findMaster }: RotationParts): Promise<string> {
  const { dataKeys, dataDirectory, randomBytes } = parts
  const to = createMasterKey(randomBytes(KEY_BYTES), randomBytes)
  await dataKeys.change(async (change) => {
    const from = masterOf(change, findMaster)
    replaceKeyFile(ownKeyPath(dataDirectory), [from.key, to.key], randomBytes)
    await rewrapAll(change, { from, to })
  })
  await settle(parts, source)
  return to.id
}

/** The operator has put another key there; the one before is still known to this process. */
async function rotateGivenFile(
  { dataKeys }: SecretsSource,
  { source, findMaster }: RotationParts,
): Promise<string> {
  const [to] = source.read()
  return dataKeys.change(async (change) => {
    const from = masterOf(change, findMaster)
    if (to === undefined || from.id === to.id) {
      throw new GatewayError(
        'invalid-request',
        `${source.name} still holds the key in use (${from.id}): put the new one there first.`,
        { field: 'what' },
      )
    }
    await rewrapAll(change, { from, to })
    return to.id
  })
}

function masterOf({ keys }: DataKeyChange, findMaster: FindMaster): MasterKey {
  const wrapper = wrapperOf(keys)
  const master = findMaster(wrapper)
  if (master !== undefined) return master
  throw new GatewayError(
    'invalid-request',
    `Another process has rotated the master key (to ${wrapper ?? 'none'}): start this one with that key.`,
  )
}
