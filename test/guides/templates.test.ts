/** What the console shows is filled in there, and run here: in a shell, and by the SDKs that are installed. */
import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeSetups } from '../../src/client-setups/describe-setups.ts'
import { shells, type Shell } from '../../src/client-setups/client-setup.ts'
import { fillSlots, fillTemplate, type SlotValues } from '../../src/client-setups/fill-template.ts'
import { clientSetups } from '../../src/client-setups/index.ts'
import { writePart } from '../../src/client-setups/write-part.ts'
import { clientProgram } from '../../src/calls/client-program.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const run = promisify(execFile)
const MODEL = 'claude-opus-4.5'
/** Nothing in it means the same to all shells. */
const ODD_KEY = `sk-odd'$HOME-0123456789-\`id\`-&^`
const setups = describeSetups(MODEL)
const hasCurl = spawnSync('curl', ['--version']).status === 0

interface Text {
  client: string
  language: string
  title: string
  text: string
}

/** Not all files can hold an odd key: they are left out where it is one. */
function textsFor(shell: Shell, values: SlotValues, languages?: readonly string[]): Text[] {
  return setups.flatMap(({ name, parts }) =>
    parts.flatMap(({ variants }) =>
      variants
        .filter((variant) => variant.shells.includes(shell))
        .filter(({ language }) => languages?.includes(language) !== false)
        .map(({ title, language, pieces }) => ({
          client: name,
          language,
          title,
          text: fillTemplate(pieces, values),
        })),
    ),
  )
}

const values = { origin: 'http://127.0.0.1:8000', key: 'qk_given' }
const titleIn = (shell: Shell, client: string) =>
  textsFor(shell, values).find((each) => each.client === client)?.title

describe('the templates', () => {
  it.each(clientSetups)('say of $name what the command line says', (setup) => {
    const written = setup.parts({ ...values, model: MODEL, smallModel: 'claude-haiku-4.5' })
    for (const shell of shells) {
      const filled = textsFor(shell, values).filter(({ client }) => client === setup.name)
      expect(filled.map(({ text }) => text)).toEqual(written.map((part) => writePart(part, shell).text))
    }
  })

  it.each(shells)('have a variant of each part for %s', (shell) => {
    const parts = setups.reduce((sum, each) => sum + each.parts.length, 0)
    expect(textsFor(shell, values)).toHaveLength(parts)
  })

  it('hold no key, and leave no slot open', () => {
    for (const { text } of shells.flatMap((shell) => textsFor(shell, values))) {
      expect(text).not.toMatch(/\{\{|\}\}|YOUR_KEY|undefined|[\uE001-\uE003]/)
    }
  })

  it('name files as their systems do', () => {
    expect(titleIn('sh', 'claude-code')).toBe('~/.claude/settings.json')
    expect(titleIn('cmd', 'claude-code')).toBe(String.raw`%USERPROFILE%\.claude\settings.json`)
    expect(titleIn('powershell', 'zed')).toBe(String.raw`%APPDATA%\Zed\settings.json`)
  })

  it('set variables in the words of each shell', () => {
    const [sh = '', powershell = '', cmd = ''] = shells.map((shell) => {
      const texts = textsFor(shell, { ...values, key: "it's" })
      return texts.find(({ client, title }) => client === 'claude-code' && title === 'terminal')?.text
    })
    expect(sh).toContain(String.raw`export ANTHROPIC_AUTH_TOKEN='it'\''s'`)
    expect(powershell).toContain("$env:ANTHROPIC_AUTH_TOKEN = 'it''s'")
    expect(cmd).toContain(`set "ANTHROPIC_AUTH_TOKEN=it's"`)
  })
})

describe('the names of programs', () => {
  it.each([
    ['claude-code', 'claude-cli/2.1.330 (external, sdk-cli)'],
    ['codex', 'codex_exec/0.169.0 (Debian 12.0.0; x86_64) xterm (codex_exec; 0.169.0)'],
    ['opencode', 'opencode/1.18.33 ai-sdk/provider-utils/4.0.46 runtime/bun/1.3.14'],
    ['cline', 'ai-sdk/openai-compatible/3.0.37 ai-sdk/provider-utils/5.0.30 runtime/bun/1.3.13'],
    ['continue', 'ls/JS 5.23.2'],
    ['curl', 'curl/8.5.0'],
    ['openai-sdk', 'AsyncOpenAI/Python 1.99.0'],
    ['anthropic-sdk', 'Anthropic/JS 0.122.0'],
  ])('know %s by %s', (name, userAgent) => {
    const program = clientProgram(userAgent) ?? ''
    const { programs = [] } = setups.find((setup) => setup.name === name) ?? {}
    expect(programs.some((beginning) => program.startsWith(beginning))).toBe(true)
  })
})

describe('filled in', () => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({
      environment: { OPENAI_KEYS: ODD_KEY, MODEL_ALIASES: `q-sonnet=${MODEL}` },
    })
  })
  afterAll(() => gateway.close())
  const here = () => ({ origin: gateway.url, key: ODD_KEY })

  it.runIf(hasCurl).each(setups)('$name: its check is answered, as a line for bash', async ({ check }) => {
    const line = fillTemplate(check.commands['sh'] ?? [], here())
    const { stdout } = await run('bash', [
      '-c',
      line.replace('curl ', 'curl -sS --fail-with-body --noproxy "*" '),
    ])
    expect(stdout).toContain('Say hello.')
  })

  it.each(setups)('$name: its check is answered, as the page makes it', async ({ check }) => {
    const answer = await fetch(`${gateway.url}${check.path}`, {
      method: 'POST',
      headers: check.headers.map(({ name, value }): [string, string] => [name, fillSlots(value, here())]),
      body: check.body,
    })
    expect(answer.status).toBe(200)
    const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true
    expect(isStream).toBe(check.stream)
    expect(await answer.text()).toContain('Say hello.')
  })

  it.runIf(hasCurl)('the commands of curl are answered', async () => {
    const scripts = textsFor('sh', here(), ['sh']).filter(({ client }) => client === 'curl')
    expect(scripts).toHaveLength(3)
    for (const { text } of scripts) {
      const { stdout } = await run('bash', [
        '-c',
        text.replace('curl ', 'curl -sS --fail-with-body --noproxy "*" '),
      ])
      expect(stdout).toContain('Say hello.')
    }
  })

  it('variables are set by bash as they are', async () => {
    const scripts = textsFor('sh', here(), ['sh']).filter(({ text }) => text.startsWith('export '))
    expect(scripts.length).toBeGreaterThan(3)
    for (const { text } of scripts) {
      const lines = text.split('\n').filter((line) => line.startsWith('export '))
      const { stdout } = await run('bash', ['-c', `${lines.join('\n')}\nenv -0`])
      expect(stdout.split('\0').some((pair) => pair.endsWith(`=${ODD_KEY}`))).toBe(true)
    }
  })

  const programs = setups.flatMap(({ name, parts }) =>
    parts.flatMap(({ variants: [variant] }) =>
      variant?.language === 'ts' ? [{ client: name, ...variant }] : [],
    ),
  )
  it.each(programs)('$client, $title: runs in Node', { timeout: 60_000 }, async ({ pieces }) => {
    const program = fillTemplate(pieces, here())
    const { stdout } = await run(process.execPath, ['--input-type=module-typescript', '--eval', program])
    expect(stdout).toContain('Say hello.')
  })

  it('nothing of it was taken amiss by the service', () => {
    expect(programs.length).toBeGreaterThan(3)
    expect(() => gateway.assertNoViolation()).not.toThrow()
  })
})
