/**
 * What a command run as root makes in the data folder of another user, the gateway could not open: it is given to whom the folder
 * belongs. SQLite does that by itself for what it keeps beside a database.
 */
import { closeSync, constants, fchownSync, fstatSync, lstatSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = 0
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants

/** `isOurs`: by name, so that what somebody else has put there stays his. Never throws. */
export function handToOwner(folder: string, isOurs: (name: string) => boolean): void {
  if (process.geteuid?.() !== ROOT) return
  try {
    const { uid, gid } = lstatSync(folder)
    if (uid === ROOT) return
    for (const name of readdirSync(folder).filter(isOurs)) handOver(join(folder, name), { uid, gid })
  } catch {
    // It is gone, or cannot be looked at: then nothing was made there.
  }
}

/**
 * Whoever owns the folder may put anything there, so nothing is followed: no link, no second name of a file, and a folder inside
 * by its descriptor alone.
 */
function handOver(path: string, owner: { uid: number; gid: number }): void {
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    const stats = fstatSync(descriptor)
    if (stats.isDirectory()) {
      const inside = `/proc/self/fd/${descriptor}`
      for (const name of readdirSync(inside)) handOver(join(inside, name), owner)
    }
    const isPlain = stats.isDirectory() || (stats.isFile() && stats.nlink === 1)
    if (isPlain && stats.uid === ROOT) fchownSync(descriptor, owner.uid, owner.gid)
  } catch {
    // Removed meanwhile, or nothing that is given away.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
