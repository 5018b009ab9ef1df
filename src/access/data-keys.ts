/**
 * The keys that seal values. They are random, and stored wrapped by the master key, so that another master key means to
 * wrap a few keys anew, not all values. One of them, the root key, seals nothing: the keys of hashes are derived from it.
 */
import {
  createSealer,
  deriveSubkey,
  KEY_BYTES,
  keyIdOf,
  nameKey,
  type Sealer,
  type SecretPlace,
} from './sealer.ts'
import { createSecrets, DATA_KEY_FORMAT, type Keyring, type Secrets } from './secrets.ts'

/** `old-root`: the master key of a database from before there were data keys; rows may still be sealed with it. */
export type DataKeyPurpose = 'root' | 'old-root' | 'values'

export interface StoredDataKey {
  id: string
  /** Of the keys for values, the one with the highest number seals. */
  number: number
  purpose: DataKeyPurpose
  /** The key, sealed with the master key. */
  wrapped: string
  /** What is known of how often it was used. */
  encryptions: number
}

/** Inside one change nobody else makes one. */
export interface DataKeyChange {
  readonly keys: readonly StoredDataKey[]
  readonly insert: (key: StoredDataKey) => Promise<void>
  readonly rewrap: (key: Pick<StoredDataKey, 'id' | 'purpose' | 'wrapped'>) => Promise<void>
}

export interface DataKeyStore {
  /** Whether an account is sealed with one. */
  areNeeded(): Promise<boolean>
  read(): Promise<StoredDataKey[]>
  /** All of it survives a crash, or nothing. */
  change<T>(work: (change: DataKeyChange) => Promise<T>): Promise<T>
  addEncryptions(id: string, count: number): Promise<void>
}

/** A key that wraps data keys. */
export interface MasterKey {
  readonly id: string
  readonly key: Buffer
  wrap(key: Buffer, name: { id: string; purpose: DataKeyPurpose }): string
  /** Throws a SealError when it was damaged, or wrapped by another one. */
  unwrap(stored: StoredDataKey): Buffer
}

export type RandomBytes = (size: number) => Buffer

const WRAP_FORMAT = 'aqk1'
const TABLE = 'data_keys'
const ID_BYTES = 8
const ROOT_NUMBER = 0
/** AES-GCM with random nonces bears 2^32; what a killed process has not counted yet is far from the difference. */
const MOST_ENCRYPTIONS = 2 ** 30

export function createMasterKey(key: Buffer, randomBytes: RandomBytes): MasterKey {
  const id = nameKey(key)
  const sealer = createSealer({
    format: WRAP_FORMAT,
    keyId: id,
    key: deriveSubkey(key, 'data-keys'),
    randomBytes,
  })
  return {
    id,
    key,
    wrap: (dataKey, name) => sealer.seal(dataKey.toString('hex'), placeOf(name)),
    unwrap: (stored) => Buffer.from(sealer.open(stored.wrapped, placeOf(stored)), 'hex'),
  }
}

function placeOf({ id, purpose }: { id: string; purpose: DataKeyPurpose }): SecretPlace {
  return { table: TABLE, row: id, column: purpose }
}

/** Id of the master key that the data keys are wrapped by. */
export function wrapperOf(keys: readonly StoredDataKey[]): string | undefined {
  const [first] = keys
  return first && keyIdOf(first.wrapped)
}

function newestOf(keys: readonly StoredDataKey[]): StoredDataKey | undefined {
  return keys.filter(({ purpose }) => purpose === 'values').toSorted((a, b) => b.number - a.number)[0]
}

/** The first keys of a database. `oldRoot`: what was sealed before is sealed with the master key itself. */
export async function insertFirstKeys(
  change: DataKeyChange,
  { master, oldRoot, randomBytes }: { master: MasterKey; oldRoot: boolean; randomBytes: RandomBytes },
): Promise<void> {
  const root = { id: newId(randomBytes), purpose: oldRoot ? 'old-root' : 'root' } as const
  const rootKey = oldRoot ? master.key : randomBytes(KEY_BYTES)
  await change.insert({
    ...root,
    number: ROOT_NUMBER,
    wrapped: master.wrap(rootKey, root),
    encryptions: 0,
  })
  await change.insert(newDataKey({ master, number: ROOT_NUMBER + 1, randomBytes }))
}

/** Wraps every key by another master key; the keys themselves stay. */
export async function rewrapAll(
  { keys, rewrap }: DataKeyChange,
  { from, to }: { from: MasterKey; to: MasterKey },
): Promise<void> {
  for (const key of keys) await rewrap({ ...key, wrapped: to.wrap(from.unwrap(key), key) })
}

interface RingParts {
  store: DataKeyStore
  /** Looks for it where the master key comes from, again each time: it may have been rotated. */
  findMaster: (id: string | undefined) => MasterKey | undefined
  randomBytes: RandomBytes
}

export interface DataKeys {
  secrets: Secrets
  readonly reload: () => Promise<void>
  /** Writes down how often the current key was used. */
  readonly countUses: () => Promise<void>
  /** True when the current key was used as often as it may be. */
  readonly isWornOut: () => boolean
  /** Seals from now on with a new key. Answers its id, undefined when the master key of the data keys is not ours. */
  readonly rotate: () => Promise<string | undefined>
  /** No row is left from before there were data keys. */
  readonly forgetOldRows: () => Promise<void>
}

/** Throws a SealError when the root key cannot be opened. */
export async function openDataKeys({ store, findMaster, randomBytes }: RingParts): Promise<DataKeys> {
  const sealers = new Map<string, Sealer>()
  let newest: { sealer: Sealer; stored: StoredDataKey } | undefined
  let hasOldRows = false
  let uses = 0

  /** Undefined: it is wrapped by a master key that this process does not have. */
  function sealerOf(stored: StoredDataKey): Sealer | undefined {
    const known = sealers.get(stored.id)
    if (known !== undefined) return known
    const key = findMaster(keyIdOf(stored.wrapped))?.unwrap(stored)
    if (key === undefined) return undefined
    const sealer = createSealer({ format: DATA_KEY_FORMAT, keyId: stored.id, key, randomBytes })
    sealers.set(stored.id, sealer)
    return sealer
  }

  function take(stored: readonly StoredDataKey[]): void {
    hasOldRows = stored.some(({ purpose }) => purpose === 'old-root')
    const known = stored.filter((key) => key.purpose === 'values' && sealerOf(key) !== undefined)
    const latest = newestOf(known)
    const sealer = latest && sealerOf(latest)
    if (latest !== undefined && sealer !== undefined) newest = { stored: latest, sealer }
  }

  function current(): { sealer: Sealer; stored: StoredDataKey } {
    if (newest === undefined) throw new TypeError('There is no data key.')
    return newest
  }

  const reload = async () => take(await store.read())

  const stored = await store.read()
  const root = stored.find(({ purpose }) => purpose !== 'values')
  const rootKey = root && findMaster(keyIdOf(root.wrapped))?.unwrap(root)
  if (rootKey === undefined) throw new TypeError('The root key is missing.')
  take(stored)

  const keyring: Keyring = {
    current: () => current().sealer,
    find: (id) => sealers.get(id),
    knowsOldRows: () => hasOldRows,
    reload,
    noteUse: () => {
      uses += 1
    },
  }

  return {
    secrets: createSecrets({ masterKey: rootKey, randomBytes, keyring }),
    reload,

    async countUses() {
      const counted = uses
      if (counted === 0) return
      await store.addEncryptions(current().stored.id, counted)
      uses -= counted
    },

    isWornOut: () => current().stored.encryptions >= MOST_ENCRYPTIONS,

    async rotate() {
      const before = current().stored
      const id = await store.change(async ({ keys, insert }) => {
        const latest = newestOf(keys) ?? before
        // Another process was faster.
        if (latest.number > before.number) return latest.id
        const master = findMaster(wrapperOf(keys))
        if (master === undefined) return undefined
        const key = newDataKey({ master, number: latest.number + 1, randomBytes })
        await insert(key)
        return key.id
      })
      await reload()
      return id
    },

    async forgetOldRows() {
      await store.change(async ({ keys, rewrap }) => {
        const oldRoot = keys.find(({ purpose }) => purpose === 'old-root')
        const master = oldRoot && findMaster(keyIdOf(oldRoot.wrapped))
        if (oldRoot === undefined || master === undefined) return
        const name = { id: oldRoot.id, purpose: 'root' } as const
        await rewrap({ ...name, wrapped: master.wrap(master.unwrap(oldRoot), name) })
      })
      await reload()
    },
  }
}

function newDataKey(parts: { master: MasterKey; number: number; randomBytes: RandomBytes }): StoredDataKey {
  const { master, number, randomBytes } = parts
  const name = { id: newId(randomBytes), purpose: 'values' } as const
  return { ...name, number, wrapped: master.wrap(randomBytes(KEY_BYTES), name), encryptions: 0 }
}

function newId(randomBytes: RandomBytes): string {
  return randomBytes(ID_BYTES).toString('hex')
}
