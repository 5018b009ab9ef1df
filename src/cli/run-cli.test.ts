import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestTerminal, openCliUnderTest, type CliUnderTest } from '../../test/cli-under-test.ts'
import { systemClock } from '../clock.ts'
import { VERSION } from '../version.ts'
import { createAqueduct } from './aqueduct.ts'
import type { Command } from './command.ts'
import { createCli } from './cli.ts'
import { refuseMisuse } from './refuse-misuse.ts'
import { pino } from 'pino'

let cli: CliUnderTest
beforeAll(async () => {
  cli = openCliUnderTest()
  await cli.run('keys create laptop')
})
afterAll(() => cli.close())

describe('words', () => {
  it.each([
    ['--jsno', 'There is no option --jsno.'],
    ['accounts --jsno', 'There is no option --jsno.'],
    ['--jsno accounts', 'There is no option --jsno.'],
    ['accounts list --no-jsno', 'There is no option --no-jsno.'],
    ['accounts list --constructor', 'There is no option --constructor.'],
    ['accounts list --__proto__=1', 'There is no option --__proto__.'],
    ['accounts refresh seat --id other', 'There is no option --id.'],
    ['keys create phone --no-models', 'There is no option --no-models.'],
    ['keys rotate laptop --no-hours', 'There is no option --no-hours.'],
    ['keys create phone --models', '--models needs a value.'],
    ['keys create phone --models=', '--models needs a value.'],
    ['keys create phone --models --json', '--models needs a value.'],
    ['keys create phone --models a --models b', '--models is given twice.'],
    ['keys revoke laptop -y --yes', '--yes is given twice.'],
    ['keys revoke laptop --yes=no', '--yes takes no value.'],
    ['keys revoke laptop --no-yes=true', '--no-yes takes no value.'],
    ['keys revoke laptop -- --yes', '"--yes" is one word too many.'],
    ['help nonsense', 'There is no command "nonsense".'],
    ['nonsense --help', 'There is no command "nonsense".'],
  ])('%s is refused: %s', async (words, reason) => {
    const { exitCode, output, notes } = await cli.run(words)
    expect({ exitCode, output }).toEqual({ exitCode: 64, output: '' })
    expect(notes).toContain(reason)
    expect((await cli.run('keys list --json')).json()).toMatchObject({
      count: 1,
      keys: [{ status: 'active' }],
    })
  })

  it.each(['--json keys list', 'keys --json list', 'keys list --json', 'keys list --json=true'])(
    '%s answers JSON',
    async (words) => {
      expect((await cli.run(words)).json()).toMatchObject({ count: 1 })
    },
  )

  it('after -- are names, whatever they look like', async () => {
    await cli.run(['keys', 'create', '--', '--help'])
    expect((await cli.run(['keys', 'revoke', '-y', '--', '--help'])).output).toBe('revoked --help\n')
  })

  it.each(['--version', '-v'])('%s tells the version', async (words) => {
    expect(await cli.run(words)).toMatchObject({ exitCode: 0, output: `${VERSION}\n`, notes: '' })
  })
})

interface Named {
  path: string
  command: Command
}

function listCommands(command: Command, path: string[] = []): Named[] {
  const below = Object.entries(command.children).flatMap(([name, child]) =>
    listCommands(child, [...path, name]),
  )
  return [{ path: path.join(' '), command }, ...below]
}

describe('every command', () => {
  const aqueduct = createAqueduct(
    createCli({
      terminal: createTestTerminal().terminal,
      environment: {},
      clock: systemClock,
      nodeVersion: 'v24.0.0',
      logger: pino({ enabled: false }),
    }),
  )
  const commands = listCommands(aqueduct)

  it.each(commands)('tells how it is used: aqueduct $path', async ({ path, command }) => {
    const words = path.split(' ').filter((word) => word !== '')
    for (const asking of [
      ['help', ...words],
      [...words, '--help'],
      ['-h', ...words],
    ]) {
      const { exitCode, output, notes } = await cli.run(asking)
      expect({ exitCode, notes }).toEqual({ exitCode: 0, notes: '' })
      expect(output).toContain(`USAGE ${['aqueduct', ...words].join(' ')}`)
      expect(output).toMatch(/^[A-Z].+[.] \(aqueduct/)
      expect(command.examples.length).toBeGreaterThan(0)
      for (const example of command.examples) expect(output).toContain(`  aqueduct ${example}\n`)
    }
  })

  const leaves = commands.filter(({ command }) => Object.keys(command.children).length === 0)

  const tests = globSync('**/*.test.ts', { cwd: import.meta.dirname })
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .join('\n')

  it.each(leaves)('is called in a test that reads what it answers: aqueduct $path', ({ path }) => {
    const words = path.split(' ').join("(?: |', ')")
    expect(tests).toMatch(new RegExp(`[\\['"\`]${words}(?=[ '"\`])`))
  })

  it.each(leaves)('has examples that it takes, and takes nothing else: aqueduct $path', async (named) => {
    const { args = {} } = named.command.definition
    if (typeof args === 'function' || args instanceof Promise) throw new Error('Options are plain here.')
    for (const example of named.command.examples) {
      expect(example.startsWith(named.path)).toBe(true)
      const words = example
        .slice(named.path.length)
        .split(' ')
        .filter((word) => word !== '')
      expect(() => refuseMisuse(words, args, true)).not.toThrow()
    }
    const strange = await cli.run(`${named.path} --no-such-option`)
    expect(strange).toMatchObject({ exitCode: 64, output: '' })
  })
})
