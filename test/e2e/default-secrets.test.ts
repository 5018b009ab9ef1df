/** Nothing secret is there by default, and what is too short to be a secret is refused or told. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startGatewayUnderTest } from '../gateway-under-test.ts'

const root = join(import.meta.dirname, '../..')
/** What runs, and what people copy. */
const files = globSync(
  ['src/**/*.ts', 'bin/**/*.cjs', 'compose.yaml', 'Dockerfile', 'deploy/*', '.env.example'],
  {
    cwd: root,
  },
).filter((path) => !/\.(test|suite)\.ts$/.test(path))

/** A name of a secret with a value behind it. */
const DEFAULT_SECRET =
  /(?:password|passwd|secret|api_?keys?|master_?key|token)["']?\s*(?:[:=]|\?\?|\|\|)\s*["'`](?=[^"'`]*\d)[^"'`\s]{6,}["'`]/i
const KNOWN_FORM =
  /\b(?:sk-[\w-]{16,}|A[KS]IA[A-Z0-9]{16}|ao[ar]A{4}\w+|eyJ[\w-]{20,}\.)|-----BEGIN [A-Z ]*PRIVATE/
const SETTING = /^#?\s*-?\s*["']?(\w*(?:KEYS?|PASSWORD|SECRET))["']?\s*[:=]\s*(\S+)/

describe('S6: no default secret', () => {
  it('finds one where there is one', () => {
    expect(DEFAULT_SECRET.test('password: "hunter22"')).toBe(true)
    expect(DEFAULT_SECRET.test("adminPassword = env ?? 'x'")).toBe(false)
    expect(SETTING.exec('ADMIN_PASSWORD=admin')?.[2]).toBe('admin')
  })

  it('is in the sources, the image, the compose file or the sample of settings', () => {
    expect(files.length).toBeGreaterThan(100)
    const lines = files.flatMap((path) =>
      readFileSync(join(root, path), 'utf8')
        .split('\n')
        .map((line, index) => ({ place: `${path}:${index + 1}`, line })),
    )
    const found = lines.filter(({ line }) => DEFAULT_SECRET.test(line) || KNOWN_FORM.test(line))
    expect(found.map(({ place, line }) => `${place} ${line}`)).toEqual([])
  })

  it.each(['compose.yaml', '.env.example', 'Dockerfile'])('is the value of a setting in %s', (path) => {
    const settings = readFileSync(join(root, path), 'utf8')
      .split('\n')
      .map((line) => SETTING.exec(line.trim()))
      .filter((found) => found !== null)
      // A switch: whether the password may come that way.
      .filter(([line]) => !line.includes('ADMIN_BEARER_PASSWORD'))
      // A number for each key.
      .filter(([line]) => !/_PER_KEY=\d+$/.test(line))
    // `${NAME:?…}` refuses to start without one.
    expect(settings.filter(([, , value = '']) => !value.startsWith('${')).map(([line]) => line)).toEqual([])
  })
})

const start = (environment: Record<string, string>) =>
  startGatewayUnderTest({ environment, withAccount: false })

describe('S18: what is too short to be a secret', () => {
  it.each([
    ['MASTER_KEY', '0123456789abcdef'],
    ['MASTER_KEY', 'c2hvcnQ='],
    ['ADMIN_PASSWORD', 'x7Qz'],
    ['ADMIN_PASSWORD', 'admin'],
  ])('ends the start: %s=%s', async (name, value) => {
    await expect(start({ [name]: value })).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining(name),
    })
  })

  it('is warned of loudly where it is a client key', async () => {
    const gateway = await start({ OPENAI_KEYS: 'short-7Qz' })
    const warnings = gateway.log.filter((line) => line.includes('"level":40') && line.includes('OPENAI_KEYS'))
    await gateway.close()
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).not.toContain('short-7Qz')
  })
})
