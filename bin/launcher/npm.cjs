// Finds npm's own script and runs `npm ci` with the Node of our choice, whatever Node npm itself was started with.
'use strict'

const fs = require('node:fs')
const path = require('node:path')
const { exitCodes, LaunchError } = require('./report.cjs')
const { runStep } = require('./run.cjs')

const cleanInstallArgs = [
  'ci',
  '--include=dev', // even with NODE_ENV=production: the bundle is built here
  '--ignore-scripts', // npm would run node-gyp for better-sqlite3, which brings its binaries along
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--loglevel=error',
  '--json',
  '--fetch-retries=3',
  '--fetch-retry-mintimeout=1000', // waits 1, 2 and 4 s
  '--fetch-retry-factor=2',
]

/** npm's codes for a registry that could not be reached; all else is not cured by a better network. */
const networkCodes =
  /^(ENOTFOUND|EAI_\w+|ECONN\w+|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT|E5\d\d|\w*CERT\w*)$/

async function cleanInstall(node, { folder, what }) {
  const { exitCode, stdout, stderr } = await runStep(node, [findNpmScript(), ...cleanInstallArgs], folder)
  if (exitCode === 0) return
  const { code, summary } = readNpmError(stdout, stderr)
  const remedy = networkCodes.test(code)
    ? 'The npm registry could not be reached: check the network or the proxy, then run this again.'
    : summary
  throw new LaunchError(exitCodes.unavailable, `Installing ${what} failed (${code}). ${remedy}`)
}

/** The npm that runs us, else the first on PATH, else the one beside our Node. */
function findNpmScript() {
  const candidates = [
    process.env.npm_execpath ?? '',
    ...(process.env.PATH ?? '').split(path.delimiter).flatMap((folder) => [
      path.join(folder, 'npm'),
      path.join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'), // Windows: beside npm.cmd
    ]),
    path.resolve(process.execPath, '../../lib/node_modules/npm/bin/npm-cli.js'),
  ]
  for (const candidate of candidates) {
    const script = realPathOf(candidate)
    if (script !== undefined && path.basename(script) === 'npm-cli.js') return script
  }
  throw new LaunchError(
    exitCodes.unavailable,
    'npm was not found. Install it (it comes with Node), then run this again.',
  )
}

function realPathOf(file) {
  try {
    return fs.realpathSync(file)
  } catch {
    return undefined
  }
}

function readNpmError(stdout, stderr) {
  try {
    const { error } = JSON.parse(stdout)
    return { code: error.code ?? 'unknown', summary: firstLineOf(error.summary) }
  } catch {
    return { code: 'unknown', summary: firstLineOf(stderr) }
  }
}

function firstLineOf(text) {
  return String(text ?? '')
    .trim()
    .split('\n')[0]
}

module.exports = { cleanInstall }
