// Bundles src/main.ts into dist/main.js, and beside it the command line, the worker thread and the console, once per state of the sources.
'use strict'

const crypto = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { bundle, consoleFolder, root, sourceFolder } = require('./paths.cjs')
const { exitCodes, LaunchError, note } = require('./report.cjs')

/** Stands in for the package, see there. */
const undici = path.join(__dirname, 'undici.mjs')
/** As deep as the bundle's folder: the maps name the sources relative to themselves. */
const freshFolder = path.join(root, '.cache')

async function buildBundle(node) {
  if (isCurrent(hashInputs())) return
  const { withLock } = require('./lock.cjs')
  await withLock(async () => {
    const hash = hashInputs()
    if (isCurrent(hash)) return
    note('Building …')
    await build(node, hash)
  })
}

/** The bundle opens with the hash of what it was made from, so bundle and stamp cannot disagree. */
function isCurrent(hash) {
  if (!fs.existsSync(bundle)) return false
  const expected = Buffer.from(markOf(hash))
  const found = Buffer.alloc(expected.length)
  const file = fs.openSync(bundle)
  try {
    fs.readSync(file, found)
  } finally {
    fs.closeSync(file)
  }
  return found.equals(expected)
}

function markOf(hash) {
  return `// Built by bin/aqueduct.cjs from ${hash}\n`
}

/** Over names and contents: times of files lie after a checkout or a copy. */
function hashInputs() {
  const recipes = [
    path.join(root, 'package-lock.json'),
    __filename,
    path.join(__dirname, 'build-console.cjs'),
    undici,
  ]
  const files = [...listSources(sourceFolder), ...listSources(consoleFolder), ...recipes]
  const hash = crypto.createHash('sha256')
  for (const file of files) {
    const content = fs.readFileSync(file)
    hash.update(`${path.relative(root, file)}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

function listSources(folder) {
  if (!fs.existsSync(folder)) throw new LaunchError(exitCodes.software, `${folder} is missing. Clone again.`)
  const entries = fs.readdirSync(folder, { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'fixtures' ? [] : listSources(file)
    return /\.test\.tsx?$/.test(entry.name) ? [] : [file]
  })
}

/** Each file appears under its name only when whole, the gateway last: one that starts meanwhile reads the old one. */
async function build(node, hash) {
  const { buildConsole } = require('./build-console.cjs')
  const target = path.dirname(bundle)
  fs.mkdirSync(target, { recursive: true })
  await Promise.all([
    runEsbuild(node, esbuildArgs(hash)),
    buildConsole((args) => runEsbuild(node, args), path.join(target, 'console')),
  ])
  for (const name of ['token-counts.js', 'cli.js', 'main.js']) {
    for (const file of [`${name}.LEGAL.txt`, `${name}.map`, name]) {
      const fresh = path.join(freshFolder, file)
      if (fs.existsSync(fresh)) fs.renameSync(fresh, path.join(target, file))
    }
  }
}

async function runEsbuild(node, args) {
  const { runStep } = require('./run.cjs')
  const script = path.join(root, 'node_modules', 'esbuild', 'bin', 'esbuild')
  const { exitCode, stderr } = await runStep(node, [script, ...args], root)
  if (exitCode !== 0) throw new LaunchError(exitCodes.software, `Building failed. ${firstErrorOf(stderr)}`)
}

function esbuildArgs(hash) {
  return [
    `main=${path.join('src', 'main.ts')}`,
    `cli=${path.join('src', 'cli', 'main.ts')}`,
    `token-counts=${path.join('src', 'token-counts', 'worker.ts')}`,
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--target=node22.19',
    `--outdir=${freshFolder}`,
    // A third less to parse at every start; names stay, so that stack traces do.
    '--minify-whitespace',
    '--minify-syntax',
    '--external:better-sqlite3', // a native file, found relative to its package
    '--external:pg', // loaded only where PostgreSQL is used
    '--external:gpt-tokenizer', // two megabytes of vocabulary, loaded in the worker thread
    `--alias:undici=${undici}`,
    // Loaded by the pages of the documentation alone: src/http/app.ts has compilers of its own.
    '--external:@fastify/ajv-compiler',
    '--external:@fastify/fast-json-stringify-compiler',
    '--external:@fastify/swagger', // these two are loaded when somebody asks for the documentation,
    '--external:@fastify/swagger-ui', // and find the files of their pages relative to their package
    // CommonJS packages inside the bundle call these; an ES module has none of its own.
    `--banner:js=${markOf(hash)}import { createRequire as createBundleRequire } from 'node:module'
const require = createBundleRequire(import.meta.url)
const __filename = import.meta.filename
const __dirname = import.meta.dirname`,
    // Names in licences would be all that is not ASCII, and Node keeps a source that is not with two bytes a character.
    '--legal-comments=external',
    '--sourcemap=linked',
    '--log-level=error',
    '--color=false',
  ]
}

/** From esbuild's "✘ [ERROR] What\n\n    file:line:column:\n" to "file:line:column: What". */
function firstErrorOf(stderr) {
  const [, message = stderr.trim().split('\n')[0], place] =
    /\[ERROR\] (.*)(?:\n\n {4}(\S+):)?/.exec(stderr) ?? []
  return place === undefined ? message : `${place}: ${message}`
}

module.exports = { buildBundle }
