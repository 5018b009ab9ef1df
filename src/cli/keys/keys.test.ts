import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { openCliUnderTest, type CliUnderTest } from '../../../test/cli-under-test.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../../../test/gateway-under-test.ts'

describe('keys, beside a running gateway', () => {
  let gateway: GatewayUnderTest
  let cli: CliUnderTest
  let secret: string
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { OPENAI_KEYS: 'listed-key-of-the-environment' } })
    cli = openCliUnderTest({ DATA_DIR: gateway.dataDirectory, OPENAI_KEYS: 'listed-key-of-the-environment' })
  })
  afterAll(async () => {
    cli.close()
    await gateway.close()
  })

  const askAs = async (key: string) =>
    (await gateway.fetch('/v1/models', { headers: { authorization: `Bearer ${key}` } })).status

  it('are made, shown once and alone on standard output', async () => {
    const { exitCode, output, notes } = await cli.run(
      'keys create laptop --days 30 --models claude-sonnet-4.5,claude-haiku-4.5 --requests-per-minute 60',
    )
    expect(exitCode).toBe(0)
    expect(notes).toBe('laptop: it is shown only now.\n')
    secret = output.trim()
    expect(secret).toMatch(/^qk_[\w-]{20,}$/)
  })

  it('are listed without their secrets, with what they may do', async () => {
    const { output } = await cli.run('keys list')
    expect(output).toMatch(/laptop +qk_\S+ +active +never +20\d\d-/)
    expect(output).toContain('OPENAI_KEYS lists 1 more.')
    const { json, output: text } = await cli.run('keys list --json')
    expect(json()).toMatchObject({
      count: 1,
      inEnvironment: 1,
      keys: [
        {
          name: 'laptop',
          models: ['claude-sonnet-4.5', 'claude-haiku-4.5'],
          limits: { requests_per_minute: 60 },
        },
      ],
    })
    expect(output + text).not.toContain(secret)
    expect(output + text).not.toContain('listed-key')
  })

  it('are rotated, with a while for the secret so far', async () => {
    const { output, notes } = await cli.run('keys rotate laptop --hours 2')
    expect(notes).toBe('laptop: it is shown only now. The one so far works for 2 hours more.\n')
    expect(output.trim()).not.toBe(secret)
    expect((await cli.run('keys list')).output).toContain('rotating')
  })

  it('are not meant by nothing, nor by a letter, and cannot drive the terminal', async () => {
    const { json } = await cli.run('keys list --json')
    const [{ id } = { id: '' }] = z.object({ keys: z.array(z.object({ id: z.string() })) }).parse(json()).keys
    for (const name of ['', id.slice(0, 3)]) {
      const { exitCode, notes } = await cli.run(['keys', 'revoke', name, '--yes'])
      expect({ exitCode, notes }).toEqual({ exitCode: 1, notes: `aqueduct: There is no key "${name}".\n` })
    }
    const { notes } = await cli.run(['keys', 'rotate', id.slice(0, 4)])
    expect(notes).toMatch(/^laptop: /)
    const painted = await cli.run(['keys', 'create', '\u001b[31mred'])
    expect(painted.exitCode).toBe(0)
    expect(painted.notes).not.toContain('\u001b')
    await cli.run('keys revoke red --yes')
  })

  it('are revoked', async () => {
    expect(await cli.run('keys revoke laptop')).toMatchObject({ exitCode: 64 })
    expect(await cli.run('keys revoke laptop --yes')).toMatchObject({
      exitCode: 0,
      output: 'revoked laptop\n',
    })
    expect((await cli.run('keys list')).output).toContain('revoked')
    await gateway.restart()
    expect(await askAs(secret)).toBe(401)
    expect(await askAs('listed-key-of-the-environment')).toBe(200)
  })

  it.each([
    ['keys create laptop --days soon', 64, '--days must be a number'],
    ['keys create laptop --addresses nowhere', 1, 'addresses'],
    ['keys create laptop --requests-per-minute -5', 64, '--requests-per-minute must be a number above 0.'],
    ['keys rotate nobody', 1, 'There is no key "nobody".'],
    ['keys rotate laptop --hours 1e9', 64, '--hours must be a number'],
  ])('%s ends with %i and says why', async (words, exitCode, reason) => {
    const run = await cli.run(words)
    expect({ exitCode: run.exitCode, output: run.output }).toEqual({ exitCode, output: '' })
    expect(run.notes).toContain(reason)
  })
})
