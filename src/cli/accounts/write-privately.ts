import { open, rename, rm } from 'node:fs/promises'
import { CommandError } from '../command-error.ts'
import { codeOf } from '../passphrase.ts'

/** For its owner alone, and whole: what was there before stays until then. `name`: as the operator says it. */
export async function writePrivately(
  { path, name }: { path: string; name: string },
  text: string,
): Promise<void> {
  const unfinished = `${path}.${process.pid}.unfinished`
  try {
    const handle = await open(unfinished, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw new CommandError(`${name} cannot be written (${codeOf(error)}).`)
  }
}
