import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestTerminal, openCliUnderTest, type CliUnderTest } from '../../../test/cli-under-test.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../../../test/gateway-under-test.ts'
import { systemClock } from '../../clock.ts'
import { createCli } from '../cli.ts'
import { changeEach } from './change-each.ts'

describe('accounts, beside a running gateway', () => {
  let gateway: GatewayUnderTest
  let cli: CliUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest()
    await gateway.addAccount({ label: 'second \u001b[31mseat' })
    cli = openCliUnderTest({
      DATA_DIR: gateway.dataDirectory,
      AMAZON_Q_ENDPOINT: gateway.simulator.url,
      OIDC_ENDPOINT: gateway.simulator.url,
    })
  })
  afterAll(async () => {
    cli.close()
    await gateway.close()
  })

  it('are listed for people, and their labels cannot drive the terminal', async () => {
    const { exitCode, output, notes } = await cli.run('accounts list')
    expect({ exitCode, notes }).toEqual({ exitCode: 0, notes: '' })
    const [title, newest, oldest] = output.split('\n')
    expect(title).toMatch(/^ID +LABEL +STATUS +OK +ERRORS +TOKEN UNTIL +WHY$/)
    expect(newest).toMatch(/second seat +ready/)
    expect(oldest).toMatch(/test +ready/)
    expect(output).not.toContain('\u001b')
  })

  it('are listed for scripts without secrets', async () => {
    const { output, json } = await cli.run('accounts list --json')
    expect(json()).toMatchObject({ count: 2, accounts: [{ enabled: true }, { label: 'test' }] })
    expect(output).not.toMatch(/\bao[ar][A-Za-z0-9]/)
  })

  it('are switched off and on, by label or id, and the gateway follows', async () => {
    const off = await cli.run('accounts disable test')
    expect(off).toMatchObject({ exitCode: 0, output: 'disabled test\n' })
    const seen: unknown = await (await gateway.fetch(`/v2/accounts/${gateway.accountId}`)).json()
    expect(seen).toMatchObject({ enabled: false })
    expect((await cli.run('accounts list --disabled --json')).json()).toMatchObject({ count: 1 })
    const on = await cli.run(['accounts', 'enable', gateway.accountId.slice(0, 8), '--json'])
    expect(on.json()).toEqual({ results: [{ id: gateway.accountId, label: 'test', result: 'enabled' }] })
  })

  it('are refreshed and tested, with words of a model where that is asked for', async () => {
    expect(await cli.run('accounts refresh test')).toMatchObject({ exitCode: 0, output: 'refreshed test\n' })
    expect(await cli.run('accounts test test --chat')).toMatchObject({ exitCode: 0, output: 'works test\n' })
  })

  it('that fail a test are told with their reason, and the command fails', async () => {
    const run = await cli.run('accounts test test --chat --model no-such-model --json')
    expect(run.exitCode).toBe(1)
    expect(run.json()).toMatchObject({ results: [{ label: 'test', result: 'failed' }] })
    expect(run.notes).toContain('1 of 1 did not work.')
  })

  it('that the operator switched off are not retried by the way, but when named', async () => {
    await cli.run('accounts disable test')
    expect((await cli.run('accounts retry')).output).toBe('There is nothing to do.\n')
    expect((await cli.run('accounts retry test')).output).toBe('works test\n')
    expect((await cli.run('accounts list --disabled --json')).json()).toMatchObject({ count: 0 })
  })

  it('are reset', async () => {
    await cli.run('accounts disable test')
    expect((await cli.run('accounts reset test')).output).toBe('reset test\n')
    expect((await cli.run('accounts list --enabled --json')).json()).toMatchObject({ count: 2 })
  })

  it('are summed up', async () => {
    const { output } = await cli.run('accounts stats')
    expect(output).toMatch(/^Accounts +2 \(2 ready\)$/m)
    expect(output).toMatch(/^ID +LABEL +STATUS +ANSWERS +PLAN +LEFT +OF +RESETS$/m)
    expect((await cli.run('accounts stats --json')).json()).toMatchObject({
      accounts: 2,
      byStatus: { ready: 2 },
    })
  })

  it('are removed only by somebody who is sure', async () => {
    const id = await gateway.addAccount({ label: 'third' })
    expect(await cli.run('accounts remove third')).toMatchObject({ exitCode: 64 })
    expect(await cli.run('accounts remove third', { answers: ['n'] })).toMatchObject({ exitCode: 1 })
    expect((await gateway.fetch(`/v2/accounts/${id}`)).status).toBe(200)
    const sure = await cli.run('accounts remove third', { answers: ['yes'] })
    expect(sure).toMatchObject({ exitCode: 0, output: 'removed third\n' })
    expect((await gateway.fetch(`/v2/accounts/${id}`)).status).toBe(404)
  })

  it('are named before they are removed', async () => {
    const { notes } = await cli.run('accounts remove all', { answers: ['no'] })
    expect(notes).toContain('Remove 2 accounts (test, second seat) with all tokens? [y/N] ')
    expect((await cli.run('accounts list --json')).json()).toMatchObject({ count: 2 })
  })

  it('are told as far as they were changed before an interruption', async () => {
    const interruption = new AbortController()
    const { terminal, output } = createTestTerminal({ interrupted: interruption.signal })
    const environment = { DATA_DIR: gateway.dataDirectory }
    const logger = pino({ enabled: false })
    const parts = { terminal, environment, clock: systemClock, nodeVersion: 'v24.0.0', logger }
    const running = changeEach(
      createCli(parts),
      { names: ['all'], json: false, done: 'changed' },
      // A signal is heard between two accounts.
      async () => void setImmediate(() => interruption.abort()),
    )
    await expect(running).rejects.toThrow('aborted')
    expect(output).toEqual(['changed test\n'])
  })

  it('leave a record of who changed them', async () => {
    const events: unknown = await (await gateway.fetch('/v2/events?kind=account-removed')).json()
    expect(events).toMatchObject({ events: [{ actor: { kind: 'operator', via: 'command line' } }] })
  })

  it.each([
    ['accounts remove all test --yes', 64, 'Say `all` alone, or which accounts.'],
    ['accounts remove  --yes', 1, 'There is no account "".'],
    ['accounts enable nobody', 1, 'There is no account "nobody".'],
    ['accounts enable', 64, 'Missing required positional argument: ID'],
    ['accounts list --jsno', 64, 'There is no option --jsno.'],
    ['accounts list all', 64, '"all" is one word too many.'],
    ['accounts forget', 64, 'There is no command "forget".'],
  ])('%s ends with %i and says why', async (words, exitCode, reason) => {
    const run = await cli.run(words)
    expect({ exitCode: run.exitCode, output: run.output }).toEqual({ exitCode, output: '' })
    expect(run.notes).toContain(reason)
  })
})

describe('without data', () => {
  let cli: CliUnderTest | undefined
  afterEach(() => cli?.close())

  it('a list makes none, and says where it looked', async () => {
    cli = openCliUnderTest()
    const run = await cli.run('accounts list')
    expect(run.exitCode).toBe(78)
    expect(run.notes).toContain('data.sqlite3')
  })
})

describe('help', () => {
  it.each(['', 'help', '--help', 'accounts', 'accounts --help', 'help accounts', 'accounts list --help'])(
    'of "%s" tells what there is, with examples',
    async (words) => {
      const cli = openCliUnderTest()
      const { exitCode, output } = await cli.run(words.split(' ').filter((word) => word !== ''))
      expect(exitCode).toBe(0)
      expect(output).toContain('accounts list')
      expect(output).toContain('EXAMPLES')
      cli.close()
    },
  )
})
