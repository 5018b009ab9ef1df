/** Tokens of sign-ins that the database did not take: one sealed file each, in a folder of the data folder. */
import { createHash } from 'node:crypto'
import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import type { SecretPlace, Secrets } from '../access/secrets.ts'
import type { Clock } from '../clock.ts'
import type { GrantSpill, SpilledGrant } from '../sign-in/grant-spill.ts'
import { ignoreMissing, isOfDisk, listFiles, removeDurably, writeDurably } from './durable-file.ts'
import { tokensColumn } from './sign-in-rows.ts'

interface GrantSpillParts {
  dataDirectory: string
  secrets: Secrets
  clock: Clock
  /** Told of files that are set aside. */
  warn: (facts: { file: string; why: string }, message: string) => void
}

const FOLDER = 'unsaved-sign-ins'
const NAME = /^[0-9a-f]{32}\.json$/
const DAMAGED = 'it is damaged, or was sealed with another master key'

const fileSchema = z.object({ signIn: z.string(), sealed: z.string() })

export function createGrantSpill({ dataDirectory, secrets, clock, warn }: GrantSpillParts): GrantSpill {
  const folder = join(dataDirectory, FOLDER)

  async function read(name: string): Promise<SpilledGrant> {
    const { signIn: signInId, sealed } = fileSchema.parse(
      JSON.parse(await readFile(join(folder, name), 'utf8')),
    )
    await secrets.learn([sealed])
    const grant = tokensColumn.parse(JSON.parse(secrets.open(sealed, placeOf(signInId))))
    return { signInId, grant }
  }

  /** Undefined: gone meanwhile, or not to be read by us, and then set aside. */
  async function readOrSetAside(name: string): Promise<SpilledGrant | undefined> {
    try {
      return await read(name)
    } catch (error) {
      if (isOfDisk(error)) return ignoreMissing(error)
      await setAside(name, DAMAGED)
      return undefined
    }
  }

  async function setAside(name: string, why: string): Promise<void> {
    const path = join(folder, name)
    await rename(path, `${path}.set-aside`).catch(ignoreMissing)
    warn(
      { file: join(FOLDER, name), why },
      'a file with tokens of a sign-in cannot be used and was set aside',
    )
  }

  return {
    async write({ signInId, grant }) {
      const sealed = secrets.seal(JSON.stringify(grant), placeOf(signInId))
      await writeDurably(join(folder, nameOf(signInId)), JSON.stringify({ signIn: signInId, sealed }))
    },

    async list() {
      const all: SpilledGrant[] = []
      for (const name of (await listFiles(folder, clock.now())).filter((each) => NAME.test(each))) {
        const spilled = await readOrSetAside(name)
        if (spilled !== undefined) all.push(spilled)
      }
      return all
    },

    remove: (signInId) => removeDurably(join(folder, nameOf(signInId))),
    setAside: (signInId, why) => setAside(nameOf(signInId), why),
  }
}

/** Ids are not ours to put into file names. */
function nameOf(signInId: string): string {
  return `${createHash('sha256').update(signInId).digest('hex').slice(0, 32)}.json`
}

/** Bound to its sign-in: a file that was copied to another one does not open. */
function placeOf(signInId: string): SecretPlace {
  return { table: FOLDER, row: signInId, column: 'tokens' }
}
