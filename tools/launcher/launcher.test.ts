import { rmSync, symlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWorkshop, type Ended, type Launch, type Workshop } from './workshop.ts'

let workshop: Workshop

beforeEach(() => {
  workshop = openWorkshop()
})
afterEach(() => workshop.remove())

function run(launch?: Launch): Promise<Ended> {
  return workshop.start(launch).ended
}

async function runTwo(launch: Launch) {
  const ended = await Promise.all([run(launch), run(launch)])
  return ended.map(({ exitCode, stdout }) => ({ exitCode, stdout }))
}

describe('where the launcher cannot go on', () => {
  const oldNode = { version: '20.20.2' }
  const cases: (Launch & { title: string; exitCode: number; says: RegExp; source?: string })[] = [
    {
      title: 'a Node that cannot even run the launcher',
      pretend: { version: '12.22.12' },
      exitCode: 69,
      says: /Node 12\.22\.12 is too old even to set Aqueduct up\. Install Node 24/,
    },
    {
      title: 'an old Node on musl',
      pretend: { ...oldNode, libc: 'musl' },
      exitCode: 69,
      says: /needs Node 22\.19 or newer, this is 20\.20\.2\. Install Node 24/,
    },
    {
      title: 'an old Node on another system',
      pretend: { ...oldNode, platform: 'darwin' },
      exitCode: 69,
      says: /needs Node 22\.19 or newer, this is 20\.20\.2\. Install Node 24/,
    },
    {
      title: 'a Node just below the floor',
      pretend: { version: '22.18.9', libc: 'musl' },
      exitCode: 69,
      says: /needs Node 22\.19 or newer/,
    },
    {
      title: 'a registry out of reach',
      env: { NPM_ERROR: '{"code":"ENOTFOUND","summary":"request to https://… failed\\nmore"}' },
      exitCode: 69,
      says: /Installing the dependencies failed \(ENOTFOUND\)\. The npm registry could not be reached/,
    },
    {
      title: 'another failure of npm',
      env: { NPM_ERROR: '{"code":"EUSAGE","summary":"out of sync\\nmore"}' },
      exitCode: 69,
      says: /Installing the dependencies failed \(EUSAGE\)\. out of sync$/m,
    },
    {
      title: 'a source that does not compile',
      source: 'SYNTAX ERROR',
      exitCode: 70,
      says: /Building failed\. src\/main\.ts:3:7: Expected "x"$/m,
    },
  ]

  it.each(cases)(
    '$title: one line and exit code $exitCode',
    async ({ exitCode, says, source, ...launch }) => {
      if (source !== undefined) workshop.write('src/main.ts', source)
      const ended = await run(launch)

      const complaints = ended.stderr.split('\n').filter((line) => line !== '' && !line.endsWith('…'))
      expect(complaints).toHaveLength(1)
      expect(complaints[0]).toMatch(says)
      expect(ended).toMatchObject({ exitCode, stdout: '' })
    },
  )
})

describe('setting up', () => {
  const fresh = ['npm ci in root', 'esbuild']

  it('installs and builds at the first start, and does neither at the second', async () => {
    expect(await run()).toMatchObject({ exitCode: 0, stdout: 'gateway \n' })
    expect(await run()).toEqual({ exitCode: 0, stdout: 'gateway \n', stderr: '' })
    expect(workshop.calls()).toEqual(fresh)
  })

  it.each([
    { file: 'package-lock.json', again: fresh },
    { file: 'src/main.ts', again: ['esbuild'] },
    { file: 'src/accounts/pool.ts', again: ['esbuild'] },
    { file: 'console/pages/page.tsx', again: ['esbuild'] },
    { file: 'console/pages/page.test.ts', again: [] },
    { file: 'src/accounts/pool.test.ts', again: [] },
    { file: 'src/accounts/fixtures/pool.ts', again: [] },
  ])('a change of $file leads to $again', async ({ file, again }) => {
    await run()
    workshop.write(file, '{"changed":true}')
    await run()
    expect(workshop.calls()).toEqual([...fresh, ...again])
  })

  it('installs again after an install that failed', async () => {
    await run({ env: { NPM_ERROR: '{"code":"E503"}' } })
    expect(await run()).toMatchObject({ exitCode: 0 })
    expect(workshop.calls()).toEqual(['npm ci in root', ...fresh])
  })

  it('keeps the last bundle when a build fails, and starts only what compiles', async () => {
    await run()
    workshop.write('src/main.ts', 'SYNTAX ERROR')
    expect(await run()).toMatchObject({ exitCode: 70, stdout: '' })
    expect(workshop.has('dist/main.js')).toBe(true)
  })

  it('leaves a linked node_modules to its owner', async () => {
    workshop.write('../elsewhere/kept', '')
    symlinkSync('../elsewhere', path.join(workshop.root, 'node_modules'))
    workshop.write('tools/check.ts', "process.stdout.write('checked')")
    expect(await run({ task: ['test'] })).toMatchObject({ exitCode: 0, stdout: 'checked' })
    expect(workshop.calls()).toEqual([])
  })
})

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('under an old Node with glibc', () => {
  const launch = { task: ['start', 'one', 'two'], pretend: { version: '18.20.8' } }

  it('brings the pinned Node and runs npm, the build and the task with it', async () => {
    expect(await run(launch)).toMatchObject({ exitCode: 0, stdout: 'gateway one two\n' })
    expect(workshop.calls()[0]).toBe('npm ci in tools/node')
    expect(workshop.calls().filter((call) => call.startsWith('pinned'))).toEqual([
      'pinned --version',
      expect.stringMatching(/npm-cli\.js ci .*--include=dev/),
      // The gateway, the console, and what the console runs before its first paint.
      ...Array.from({ length: 3 }, () => expect.stringContaining('node_modules/esbuild/bin/esbuild')),
      expect.stringContaining('dist/main.js one two'),
    ])
  })

  it('brings it once', async () => {
    await run(launch)
    const before = workshop.calls().length
    expect(await run(launch)).toMatchObject({ exitCode: 0, stderr: '' })
    expect(workshop.calls().slice(before)).toEqual([expect.stringContaining('dist/main.js one two')])
  })

  it('takes the one that somebody installed by hand', async () => {
    await run(launch)
    rmSync(path.join(workshop.root, 'tools/node/node_modules/.aqueduct-installed'))
    expect(await run(launch)).toMatchObject({ exitCode: 0, stderr: '' })
    expect(workshop.calls().filter((call) => call === 'npm ci in tools/node')).toHaveLength(1)
  })
})

describe('a name that is no task', () => {
  it.each(['accounts', 'constructor', '--help'])(
    '%s is a command of the operator, who has all words',
    async (name) => {
      await run({ task: [name, 'one'], pretend: { version: '18.20.8' } })
      expect(workshop.calls()).toEqual(
        expect.arrayContaining([expect.stringContaining(`dist/cli.js ${name} one`)]),
      )
    },
  )
})

describe('several launchers at once', () => {
  const both = [
    { exitCode: 0, stdout: 'gateway \n' },
    { exitCode: 0, stdout: 'gateway \n' },
  ]

  it('one installs while the other waits, and both run', async () => {
    expect(await runTwo({ env: { AWAITS_RIVAL: 'npm' } })).toEqual(both)
    expect(workshop.calls()).toEqual(['npm ci in root', 'esbuild'])
    expect(workshop.has('.cache/launcher.lock')).toBe(false)
  })

  it('one builds while the other waits, and both run', async () => {
    await run()
    workshop.write('src/changed.ts', '')
    expect(await runTwo({ env: { AWAITS_RIVAL: 'esbuild' } })).toEqual(both)
    expect(workshop.calls()).toEqual(['npm ci in root', 'esbuild', 'esbuild'])
  })

  it('a lock whose owner died is taken over', async () => {
    const deadOwner = `${hostname()} ${process.pid} 1`
    workshop.write(`.cache/launcher.lock/${deadOwner}`, '')
    expect(await run()).toMatchObject({ exitCode: 0 })
    expect(workshop.has('.cache/launcher.lock')).toBe(false)
  })
})

describe('the task that runs', () => {
  const ways: { way: string; launch: Launch; script: string }[] = [
    { way: 'in this process', launch: {}, script: 'src/main.ts' },
    { way: 'as a child', launch: { task: ['test'] }, script: 'tools/check.ts' },
  ]
  const steadfast = "setInterval(() => {}, 1000); process.stdout.write('ready')"
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
  const waysAndSignals = ways.flatMap((way) => signals.map((signal) => ({ ...way, signal })))

  it.each(ways)('ends with its own exit code, $way', async ({ launch, script }) => {
    workshop.write(script, 'process.exit(7)')
    expect(await run(launch)).toMatchObject({ exitCode: 7 })
  })

  it.each(waysAndSignals)('hears $signal, $way', async ({ launch, script, signal }) => {
    workshop.write(script, `process.on('${signal}', () => process.exit(42)); ${steadfast}`)
    const running = workshop.start(launch)
    await running.printed('ready')
    running.process.kill(signal)
    expect(await running.ended).toMatchObject({ exitCode: 42, stderr: expect.not.stringContaining('Error') })
  })

  it('ends with 128 + n when a signal kills the child', async () => {
    workshop.write('tools/check.ts', steadfast)
    const running = workshop.start({ task: ['test'] })
    await running.printed('ready')
    running.process.kill('SIGTERM')
    expect(await running.ended).toMatchObject({ exitCode: 143 })
  })

  it('gets the arguments of the user', async () => {
    workshop.write('tools/check.ts', 'process.stdout.write(process.argv.slice(2).join())')
    expect(await run({ task: ['test', 'pool', '--x'] })).toMatchObject({ stdout: 'pool,--x' })
  })
})
