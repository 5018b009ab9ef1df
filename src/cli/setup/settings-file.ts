/** The settings files of clients: read, kept, and replaced as a whole. */
import { chmod, lstat, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, isAbsolute, sep } from 'node:path'
import { locateFile } from '../../client-setups/locate-file.ts'
import type { SettingsFile } from '../../client-setups/client-setup.ts'
import { ignoreMissing, isOfDisk, writeDurably } from '../../storage/durable-file.ts'
import type { Cli } from '../cli.ts'
import { CommandError } from '../command-error.ts'

const PRIVATE = 0o600
const PERMISSIONS = 0o777

export interface FoundFile {
  /** As the client names it. */
  path: string
  /** Without symbolic links. */
  target: string
  /** Undefined: there is none yet. */
  text: string | undefined
}

/** Throws a CommandError when there is no home, or when links lead out of it. */
export async function findSettingsFile(
  { place, title }: SettingsFile,
  { environment }: Pick<Cli, 'environment'>,
  platform: string,
): Promise<FoundFile> {
  const found = place === undefined ? undefined : locateFile(place, { platform, environment })
  if (found === undefined) throw new CommandError(`There is no home folder to find ${title} in: set HOME.`)
  try {
    const target = await resolveLinks(found.path)
    const root = await resolveLinks(found.root)
    if (!isWithin(root, target)) {
      throw new CommandError(
        `${found.path} leads to ${target}, which is outside of ${found.root}: change that file by hand.`,
      )
    }
    return { path: found.path, target, text: await readText(target) }
  } catch (error) {
    if (!isOfDisk(error)) throw error
    throw new CommandError(`${found.path} cannot be read (${String(error.code)}).`)
  }
}

/** Answers where a copy of the old file is. Throws a CommandError when it has changed since it was read. */
export async function replaceSettingsFile(
  { path, target, text: before }: FoundFile,
  { text, holdsKey, now }: { text: string; holdsKey: boolean; now: number },
): Promise<string | undefined> {
  try {
    if ((await readText(target)) !== before) {
      throw new CommandError(`${path} was changed in the meantime: nothing was written. Try again.`)
    }
    if (before === undefined) {
      await writeDurably(target, text)
      return undefined
    }
    const mode = (await stat(target)).mode & PERMISSIONS
    const copy = `${target}.${new Date(now).toISOString().replaceAll(':', '-')}.bak`
    await writeFile(copy, before, { flag: 'wx', mode: PRIVATE })
    await writeDurably(target, text)
    if (!holdsKey) await chmod(target, mode)
    return copy
  } catch (error) {
    if (!isOfDisk(error)) throw error
    throw new CommandError(`${path} cannot be written (${String(error.code)}).`)
  }
}

async function readText(path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch(ignoreMissing)
  if (bytes === undefined) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new CommandError(`${path} is not a text in UTF-8: change it by hand.`)
  }
}

/** Of what is not there yet, those of the folders above it. A link that leads nowhere fails. */
async function resolveLinks(path: string): Promise<string> {
  if ((await lstat(path).catch(ignoreMissing)) !== undefined) return realpath(path)
  const folder = dirname(path)
  return folder === path ? path : join(await resolveLinks(folder), basename(path))
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
