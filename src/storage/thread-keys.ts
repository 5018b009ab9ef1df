/**
 * Each kept conversation is sealed with a key of its own, and that key like any other secret: a new data key has to be put on
 * the keys alone, however much was said.
 */
import * as z from 'zod'
import { createSealer, KEY_BYTES, SealError, type Sealer } from '../access/sealer.ts'
import type { Secrets } from '../access/secrets.ts'

const FORMAT = 'aqt1'

const keyColumn = z.object({ owner: z.string(), key: z.hex().length(2 * KEY_BYTES) })

interface Thread {
  id: string
  owner: string
}

export interface ThreadKeys {
  /** For a new conversation. `key`: what is to be stored. */
  create(thread: Thread): { key: string; sealer: Sealer }
  /** Undefined when it cannot be opened, or was given to another owner. */
  open(thread: Thread & { key: string }): Promise<Sealer | undefined>
}

export function createThreadKeys(secrets: Secrets, randomBytes: (size: number) => Buffer): ThreadKeys {
  const sealerOf = (id: string, key: Buffer) => createSealer({ format: FORMAT, keyId: id, key, randomBytes })
  return {
    create({ id, owner }) {
      const key = randomBytes(KEY_BYTES)
      const text = JSON.stringify({ owner, key: key.toString('hex') })
      return { key: secrets.seal(text, placeOf(id)), sealer: sealerOf(id, key) }
    },

    async open({ id, owner, key }) {
      await secrets.learn([key])
      try {
        const column = keyColumn.parse(JSON.parse(secrets.open(key, placeOf(id))))
        return column.owner === owner ? sealerOf(id, Buffer.from(column.key, 'hex')) : undefined
      } catch (error) {
        if (!(error instanceof SealError)) throw error
        return undefined
      }
    },
  }
}

function placeOf(id: string) {
  return { table: 'kept_threads', row: id, column: 'key' }
}
