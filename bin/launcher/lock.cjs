// One launcher at a time installs or builds.
//
// The lock is a folder that holds one file, named after its owner. Renaming a prepared folder onto it succeeds only
// while it is missing or empty, so the owner is named from the first instant; a dead owner is evicted by unlinking
// that very file, which cannot hit the lock of a living one.
'use strict'

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { lock } = require('./paths.cjs')
const { exitCodes, LaunchError, note } = require('./report.cjs')

/** Longer than any install: frees a lock whose owner cannot be asked, because it ran on another host. */
const staleAfterMs = 15 * 60_000
const pollMs = 100

async function withLock(work) {
  const owner = `${os.hostname()} ${process.pid} ${startOf(process.pid)}`
  await acquire(owner)
  try {
    return await work()
  } finally {
    fs.rmSync(path.join(lock, owner), { force: true })
    removeIfEmpty(lock)
  }
}

async function acquire(owner) {
  const prepared = `${lock}.${process.pid}`
  try {
    fs.mkdirSync(prepared, { recursive: true })
    fs.writeFileSync(path.join(prepared, owner), '')
  } catch (error) {
    throw new LaunchError(exitCodes.cannotCreate, `Cannot write to ${path.dirname(lock)} (${error.code}).`)
  }
  for (let waitedMs = 0; !tryRename(prepared, lock); waitedMs += pollMs) {
    if (evictStaleOwners()) continue
    if (waitedMs === 1000) note('Waiting for another start that is installing or building …')
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

function tryRename(from, to) {
  try {
    removeIfEmpty(to) // Windows renames onto no folder, not even an empty one
    fs.renameSync(from, to)
    return true
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes(error.code) && fs.existsSync(from)) return false
    throw error
  }
}

function removeIfEmpty(folder) {
  try {
    fs.rmdirSync(folder)
  } catch {
    // Held by somebody, or gone already.
  }
}

/** Returns whether one was found. */
function evictStaleOwners() {
  const stale = readOwners().filter(isStale)
  for (const owner of stale) fs.rmSync(path.join(lock, owner), { force: true })
  return stale.length > 0
}

function readOwners() {
  try {
    return fs.readdirSync(lock)
  } catch {
    return []
  }
}

function isStale(owner) {
  const [host, pid, start] = owner.split(' ')
  if (host === os.hostname() && startOf(pid) !== start) return true
  const stats = fs.statSync(path.join(lock, owner), { throwIfNoEntry: false })
  return stats !== undefined && Date.now() - stats.mtimeMs > staleAfterMs
}

/**
 * Tells a process from a later one with the same id: on Linux its start in ticks since boot, elsewhere only whether it lives.
 */
function startOf(pid) {
  try {
    if (process.platform !== 'linux') return process.kill(Number(pid), 0) && 'alive'
    return fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[19]
  } catch (error) {
    return error.code === 'EPERM' ? 'alive' : 'gone'
  }
}

module.exports = { withLock }
