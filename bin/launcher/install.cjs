// Installs what a lockfile lists, once per state of that lockfile.
'use strict'

const crypto = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { root } = require('./paths.cjs')
const { exitCodes, LaunchError, note } = require('./report.cjs')

async function installDependencies(node) {
  const modules = fs.lstatSync(path.join(root, 'node_modules'), { throwIfNoEntry: false })
  // A linked node_modules belongs to another checkout, whose launcher looks after it.
  if (modules?.isSymbolicLink()) return
  const install = { folder: root, what: 'the dependencies', duration: '20 s' }
  if (!isInstalled(install)) await installPackages(install, node)
}

/** `install`: the folder with the lockfile, and how to call what is in it when talking to people. */
async function installPackages(install, node) {
  const { withLock } = require('./lock.cjs')
  await withLock(async () => {
    if (isInstalled(install)) return
    note(`Installing ${install.what} (about ${install.duration}, once) …`)
    fs.rmSync(stampFile(install), { force: true })
    const { cleanInstall } = require('./npm.cjs')
    await cleanInstall(node, install)
    markInstalled(install)
  })
}

function isInstalled(install) {
  return fs.existsSync(stampFile(install)) && fs.readFileSync(stampFile(install), 'utf8') === stampOf(install)
}

function markInstalled(install) {
  fs.mkdirSync(path.dirname(stampFile(install)), { recursive: true })
  fs.writeFileSync(stampFile(install), stampOf(install))
}

/** npm removes node_modules before it fills it, so an install that was cut short leaves no stamp. */
function stampFile({ folder }) {
  return path.join(folder, 'node_modules', '.aqueduct-installed')
}

/** Optional packages are chosen by platform, so a folder that is carried to another machine is installed anew. */
function stampOf({ folder }) {
  const lockfile = path.join(folder, 'package-lock.json')
  if (!fs.existsSync(lockfile))
    throw new LaunchError(exitCodes.unavailable, `${lockfile} is missing. Clone again.`)
  const hash = crypto.createHash('sha256').update(fs.readFileSync(lockfile)).digest('hex')
  return `${hash} ${process.platform}-${process.arch}\n`
}

module.exports = { installDependencies, installPackages, isInstalled, markInstalled }
