import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { openCliUnderTest, type CliUnderTest } from '../../../test/cli-under-test.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../../../test/gateway-under-test.ts'
import { clientSetups } from '../../client-setups/index.ts'

let cli: CliUnderTest
let home: string
beforeEach(() => {
  cli = openCliUnderTest()
  home = join(cli.folder, 'home')
  mkdirSync(home)
})
afterEach(() => cli.close())

const run = (words: string, options: Parameters<CliUnderTest['run']>[1] = {}) =>
  cli.run(words, { ...options, environment: { HOME: home, ...options.environment } })
const read = (...names: string[]) => readFileSync(join(home, ...names), 'utf8')
const modeOf = (...names: string[]) => statSync(join(home, ...names)).mode & 0o777

/** Of Claude Code, as it was before. */
function putSettings(
  text = '{ "theme": "dark", "env": { "ANTHROPIC_AUTH_TOKEN": "sk-canary-old" } }\n',
): string {
  mkdirSync(join(home, '.claude'))
  writeFileSync(join(home, '.claude', 'settings.json'), text, { mode: 0o644 })
  return text
}

describe('setup, to look at', () => {
  it('lists the clients', async () => {
    const { exitCode, output } = await run('setup')
    expect(exitCode).toBe(0)
    expect(output).toMatch(/^claude-code +Claude Code +its settings file$/m)
    expect(output).toMatch(/^cherry-studio +Cherry Studio +-$/m)
    expect((await run('setup --json')).json()).toMatchObject({ count: clientSetups.length })
  })

  it.each(clientSetups)('tells what to set in $name, and touches nothing', async ({ name }) => {
    const { exitCode, output, notes } = await run(`setup ${name} --key sk-given --model claude-opus-4.5`)
    expect({ exitCode, notes }).toEqual({ exitCode: 0, notes: '' })
    expect(output).toContain('sk-given')
    expect(output).toContain('claude-opus-4.5')
    expect(output).toContain(`docs/guides/${name}.md`)
    expect(output).not.toMatch(/YOUR_KEY|undefined|\[object/)
    expect(readdirSync(cli.folder)).toEqual(['home'])
  })

  it.each<[string, string, Record<string, string>, string]>([
    ['codex', '', {}, 'base_url = "http://127.0.0.1:8000/v1"'],
    ['codex', '', { HOST: '0.0.0.0', PORT: '9000' }, 'base_url = "http://127.0.0.1:9000/v1"'],
    ['codex', '', { HOST: '::1' }, 'base_url = "http://[::1]:8000/v1"'],
    ['claude-code', '', { PUBLIC_URL: 'https://q.test' }, '"ANTHROPIC_BASE_URL": "https://q.test"'],
    ['claude-code', ' --url http://10.0.0.5:81/v1', {}, '"ANTHROPIC_BASE_URL": "http://10.0.0.5:81"'],
    ['open-webui', '', { PORT: '9000' }, 'OPENAI_API_BASE_URL: http://aqueduct:8000/v1'],
    ['cursor', '', { PUBLIC_URL: 'https://q.test' }, 'Override OpenAI Base URL: https://q.test/v1'],
  ])('says the address to %s%s with %j', async (name, options, environment, line) => {
    expect((await run(`setup ${name}${options}`, { environment })).output).toContain(line)
  })

  it.each<[string, Record<string, string>, RegExp | string]>([
    ['claude-code', {}, 'YOUR_KEY stands for a key'],
    ['claude-code', { ANTHROPIC_API_KEY: 'sk-canary' }, 'ANTHROPIC_API_KEY is set in your environment'],
    ['cursor', {}, 'It needs a public address with https'],
  ])('warns for %s with %j', async (name, environment, warning) => {
    const { output } = await run(`setup ${name}`, { environment })
    expect(output).toContain(warning)
    expect(output).not.toContain('sk-canary')
  })

  it('takes the key from standard input', async () => {
    const { output } = await run('setup curl --key -', { input: 'sk-of-input\n' })
    expect(output).toContain('Bearer sk-of-input')
  })

  it('makes a key when it is told to', async () => {
    const { output, notes } = await run('setup codex --new-key laptop')
    expect(output).toMatch(/export AQUEDUCT_KEY=qk_[\w-]{20,}\n/)
    expect(notes).toBe('laptop: the key was made.\n')
    expect((await run('keys list')).output).toContain('laptop')
  })

  it.each([
    ['setup emacs', 'There is no client "emacs"'],
    ['setup codex claude-code', 'one word too many'],
    ['setup --write', '--write is for one client'],
    ['setup cursor --write', 'has no settings file to write'],
    ['setup codex --key sk-1 --new-key laptop', 'not both'],
    ['setup codex --key $(id)', '--key must be'],
    ['setup codex --model "', '--model must be'],
    ['setup codex --url http://me:pass@example.com', '--url must be'],
    ['setup codex --url http://example.com/path', '--url must be'],
    ['setup codex --write', 'Say --yes'],
  ])('%s is not a way to call it', async (words, reason) => {
    const { exitCode, output, notes } = await run(words)
    expect({ exitCode, output }).toEqual({ exitCode: 64, output: '' })
    expect(notes).toContain(reason)
    expect(readdirSync(home)).toEqual([])
  })
})

describe('setup --write', () => {
  const written = z.object({ written: z.array(z.object({ path: z.string(), copy: z.string().optional() })) })

  it('writes a new file, for its owner alone', async () => {
    const { exitCode, output } = await run('setup claude-code --key sk-given --write --yes')
    expect(exitCode).toBe(0)
    expect(output).toContain(`Wrote ${join(home, '.claude', 'settings.json')}.`)
    expect(output).not.toContain('sk-given')
    expect(JSON.parse(read('.claude', 'settings.json'))).toMatchObject({
      env: { ANTHROPIC_AUTH_TOKEN: 'sk-given' },
    })
    expect([modeOf('.claude', 'settings.json'), modeOf('.claude')]).toEqual([0o600, 0o700])
    expect(readdirSync(join(home, '.claude'))).toEqual(['settings.json'])
  })

  it('shows what changes without any secret, asks, and keeps a copy', async () => {
    const before = putSettings()
    const { exitCode, notes, output } = await run('setup claude-code --key sk-given --write --json', {
      answers: ['y'],
    })
    expect(exitCode).toBe(0)
    expect(notes).toContain('~ env.ANTHROPIC_AUTH_TOKEN: (hidden) → (hidden)\n')
    expect(notes).toContain('+ env.ANTHROPIC_MODEL: "claude-sonnet-4.5"\n')
    expect(notes).toMatch(/Write \S+settings\.json\? \[y\/N\]/)
    expect(notes + output).not.toMatch(/sk-canary|sk-given/)
    const [file] = written.parse(JSON.parse(output)).written
    expect(readFileSync(file?.copy ?? '', 'utf8')).toBe(before)
    expect(file?.copy).toMatch(/settings\.json\.20\d\d-\d\d-\d\dT\S+\.bak$/)
    expect(statSync(file?.copy ?? '').mode & 0o777).toBe(0o600)
    expect(JSON.parse(read('.claude', 'settings.json'))).toMatchObject({ theme: 'dark' })
    expect(modeOf('.claude', 'settings.json')).toBe(0o600)
  })

  it('does nothing when the answer is no, nor makes the key', async () => {
    const before = putSettings()
    const refused = await run('setup claude-code --new-key laptop --write', { answers: ['n'] })
    expect(refused).toMatchObject({ exitCode: 1, output: '' })
    expect(read('.claude', 'settings.json')).toBe(before)
    expect(readdirSync(cli.folder)).toEqual(['home'])
  })

  it('does nothing more when it was done before', async () => {
    await run('setup codex --write --yes')
    const { exitCode, output } = await run('setup codex --write')
    expect(exitCode).toBe(0)
    expect(output).toContain('has these settings already')
    expect(output).toContain('export AQUEDUCT_KEY=YOUR_KEY')
    expect(readdirSync(join(home, '.codex'))).toEqual(['config.toml'])
  })

  it('keeps the key that is there, and who may read a file without one', async () => {
    putSettings()
    await run('setup claude-code --write --yes')
    expect(read('.claude', 'settings.json')).toContain('sk-canary-old')
    mkdirSync(join(home, '.codex'))
    writeFileSync(join(home, '.codex', 'config.toml'), '# mine\n')
    chmodSync(join(home, '.codex', 'config.toml'), 0o644)
    await run('setup codex --write --yes')
    expect(modeOf('.codex', 'config.toml')).toBe(0o644)
  })

  it('puts a new key into the file, and shows it nowhere', async () => {
    const { output, notes } = await run('setup continue --new-key laptop --write --yes')
    const [key = ''] = /qk_[\w-]{20,}/.exec(read('.continue', 'config.yaml')) ?? []
    expect(key).not.toBe('')
    expect(output + notes).not.toContain(key)
  })

  it('leaves what it does not understand as it is', async () => {
    const before = putSettings('{ /* sk-canary */ }\n')
    const { exitCode, notes } = await run('setup claude-code --new-key laptop --write --yes')
    expect(exitCode).toBe(1)
    expect(notes).toContain('was left as it is, because it is not plain JSON')
    expect(notes).not.toContain('canary')
    expect(read('.claude', 'settings.json')).toBe(before)
    expect(readdirSync(cli.folder)).toEqual(['home'])
  })

  it('follows a link inside the home folder, and none out of it', async () => {
    mkdirSync(join(home, 'dotfiles'))
    writeFileSync(join(home, 'dotfiles', 'claude.json'), '{}')
    mkdirSync(join(home, '.claude'))
    symlinkSync('../dotfiles/claude.json', join(home, '.claude', 'settings.json'))
    await run('setup claude-code --key sk-given --write --yes')
    expect(read('dotfiles', 'claude.json')).toContain('sk-given')

    const outside = join(cli.folder, 'outside')
    mkdirSync(outside)
    symlinkSync(outside, join(home, '.codex'))
    const { exitCode, notes } = await run('setup codex --write --yes')
    expect(exitCode).toBe(1)
    expect(notes).toContain('which is outside of')
    expect(readdirSync(outside)).toEqual([])
    symlinkSync('nowhere', join(home, '.aider.conf.yml'))
    expect((await run('setup aider --key sk-given --write --yes')).notes).toContain('cannot be read (ENOENT)')
  })

  it('wants a home folder', async () => {
    const { exitCode, notes } = await run('setup aider --write --yes', { environment: { HOME: '' } })
    expect(exitCode).toBe(1)
    expect(notes).toContain('set HOME')
  })
})

describe('setup --check', () => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { OPENAI_KEYS: 'sk-of-the-gateway' } })
  })
  afterAll(() => gateway.close())

  it.each([
    ['cline', '/v1/chat/completions'],
    ['claude-code', '/v1/messages'],
    ['codex', '/v1/responses'],
    ['open-webui', '/v1/chat/completions'],
  ])('asks as %s would, at %s', async (name, path) => {
    const { exitCode, output } = await run(
      `setup ${name} --check --key sk-of-the-gateway --url ${gateway.url}`,
    )
    expect(exitCode).toBe(0)
    expect(output).toMatch(/^ok +Models: http:\S+ lists \d+\.$/m)
    expect(output).toMatch(/^ok +Request: /m)
    expect(output).toContain(`claude-sonnet-4.5 answers at ${path}.`)
    gateway.assertNoViolation()
  })

  it.each([
    ['--key sk-wrong', '401 This API key is not known here.', 'Say one of its keys'],
    ['--key sk-of-the-gateway --model claude-none', 'is not known here.', 'Choose a model'],
    ['--key sk-wrong --url http://127.0.0.1:1', 'nobody answers there', 'Start the gateway'],
  ])('with %s says what is wrong, and what helps', async (words, says, remedy) => {
    const options = words.includes('--url') ? words : `${words} --url ${gateway.url}`
    const { exitCode, output, notes } = await run(`setup cline --check ${options}`)
    expect(exitCode).toBe(1)
    expect(output).toMatch(/^WRONG /m)
    expect(output).toContain(says)
    expect(output).toContain(`→ ${remedy}`)
    expect(notes).toContain('would not be answered')
  })
})
