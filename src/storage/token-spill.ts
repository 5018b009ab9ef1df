/**
 * Refreshed tokens that the database did not take: one sealed file each, in a folder of the data folder. A file is there
 * whole or not at all, and its name tells which account and version it may be for, so that nothing else is opened.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import type { Secrets } from '../access/secrets.ts'
import type { SpilledTokens, TokenSpill } from '../accounts/tokens/token-keeper.ts'
import type { Clock } from '../clock.ts'
import { ignoreMissing, isOfDisk, listFiles, writeDurably } from './durable-file.ts'

interface TokenSpillParts {
  dataDirectory: string
  secrets: Secrets
  /** Names this process among those that share the folder. */
  processId: string
  clock: Clock
  /** Told of files that are set aside. */
  warn: (facts: { file: string; why: string }, message: string) => void
}

const FOLDER = 'unsaved-tokens'
const NAME = /^([0-9a-f]{32})\.(\d{1,15})\.[\w-]{1,64}\.json$/

const fileSchema = z.object({ account: z.string(), version: z.int(), sealed: z.string() })
const sealedSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string().exactOptional(),
  expiresAt: z.iso.datetime().transform((text) => new Date(text)),
  at: z.iso.datetime().transform((text) => new Date(text)),
})

export function createTokenSpill(parts: TokenSpillParts): TokenSpill {
  const { dataDirectory, secrets, processId, clock, warn } = parts
  const folder = join(dataDirectory, FOLDER)
  const nameOf = (id: string, version: number) => `${stemOf(id)}.${version}.${processId}.json`

  const names = async () => (await readdir(folder).catch(ignoreMissing)) ?? []

  async function read(name: string): Promise<SpilledTokens> {
    const file = fileSchema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))
    const { account: id, version } = file
    await secrets.learn([file.sealed])
    const { at, ...tokens } = sealedSchema.parse(JSON.parse(secrets.open(file.sealed, placeOf(id, version))))
    return { id, version, tokens, at }
  }

  /** Undefined: gone meanwhile, or not to be read by us, and then set aside. */
  async function readOrSetAside(name: string): Promise<SpilledTokens | undefined> {
    try {
      return await read(name)
    } catch (error) {
      if (isOfDisk(error)) return ignoreMissing(error)
      await setAside(name, 'it is damaged, or was sealed with another master key')
      return undefined
    }
  }

  async function setAside(name: string, why: string): Promise<void> {
    await rename(join(folder, name), join(folder, `${name}.set-aside`)).catch(ignoreMissing)
    warn({ file: join(FOLDER, name), why }, 'a file with refreshed tokens cannot be used and was set aside')
  }

  async function readAll(wanted: readonly string[]): Promise<SpilledTokens[]> {
    const all: SpilledTokens[] = []
    for (const name of wanted) {
      const spilled = await readOrSetAside(name)
      if (spilled !== undefined) all.push(spilled)
    }
    // Of several for one version the latest comes first.
    return all.toSorted((a, b) => b.at.getTime() - a.at.getTime())
  }

  async function removeIf(isWanted: (name: string) => boolean): Promise<void> {
    for (const name of (await names()).filter(isWanted)) await rm(join(folder, name), { force: true })
  }

  return {
    async write({ id, version, tokens, at }) {
      const text = JSON.stringify({ ...tokens, at })
      const sealed = secrets.seal(text, placeOf(id, version))
      await writeDurably(join(folder, nameOf(id, version)), JSON.stringify({ account: id, version, sealed }))
    },

    async find(id, version) {
      const start = `${stemOf(id)}.${version}.`
      const found = (await names()).filter((name) => name.startsWith(start) && NAME.test(name))
      const all = await readAll(found)
      return all.find((spilled) => spilled.id === id && spilled.version === version)
    },

    async list() {
      const all = await listFiles(folder, clock.now())
      return readAll(all.filter((name) => NAME.test(name)))
    },

    async remove(id, upToVersion) {
      const stem = stemOf(id)
      await removeIf((name) => {
        const [, ownStem, version] = NAME.exec(name) ?? []
        return ownStem === stem && Number(version) <= upToVersion
      })
    },

    async setAside({ id, version }, why) {
      const start = `${stemOf(id)}.${version}.`
      const found = (await names()).filter((name) => name.startsWith(start) && NAME.test(name))
      for (const name of found) await setAside(name, why)
    },
  }
}

/** Ids are not ours to put into file names. */
function stemOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 32)
}

/** Bound to account and version: a file that was renamed or copied to another account does not open. */
function placeOf(id: string, version: number) {
  return { table: FOLDER, row: id, column: `version-${version}` }
}
