import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startSimulator, type Simulator } from '../../simulator/simulator.ts'
import { openCliUnderTest, type CliRunOptions, type CliUnderTest } from '../../test/cli-under-test.ts'
import { systemClock, type Clock } from '../clock.ts'

/** Waits a fiftieth of the time: nobody is there to be given some. */
const clock: Clock = { ...systemClock, after: (delayMs, action) => systemClock.after(delayMs / 50, action) }

describe('a sign-in, without a gateway', () => {
  let simulator: Simulator
  let cli: CliUnderTest
  beforeEach(async () => {
    simulator = await startSimulator()
    cli = openCliUnderTest({ AMAZON_Q_ENDPOINT: simulator.url, OIDC_ENDPOINT: simulator.url })
  })
  afterEach(async () => {
    cli.close()
    await simulator.close()
  })

  const run = (words: string, options: CliRunOptions = {}) => cli.run(words, { clock, ...options })
  const asked = () => simulator.journal.waitFor(({ operation }) => operation === 'CreateToken')

  it('makes the data and the account, once its code is approved', async () => {
    simulator.change({ approveAtPoll: 1 })
    const { exitCode, output, notes } = await run('sign-in --label work')
    expect(exitCode).toBe(0)
    expect(notes).toMatch(/approve the code [A-Z0-9-]+:\n\n {2}http\S+\n/)
    expect(output).toMatch(/^signed in work \([0-9a-f-]{36}\)\n$/)
    expect((await run('accounts list --json')).json()).toMatchObject({ count: 1 })
  })

  it('shows a QR code to people', async () => {
    simulator.change({ approveAtPoll: 1 })
    const { notes } = await run('sign-in', { answers: [] })
    expect(notes).toContain('█')
    expect((await run('sign-in --no-qr', { answers: [] })).notes).not.toContain('█')
  })

  it('signs the same account in again', async () => {
    simulator.change({ approveAtPoll: 1 })
    await run('sign-in --label work')
    simulator.change({ approveAtPoll: null })
    const running = run('sign-in --again work --json')
    await expect.poll(() => simulator.deviceLogins().length).toBe(2)
    simulator.approve(simulator.deviceLogins()[1]?.userCode ?? '', simulator.accounts()[0]?.id)
    const again = await running
    expect(again.notes).not.toContain('aqueduct:')
    expect(again.json()).toMatchObject({ label: 'work' })
    expect((await run('accounts list --json')).json()).toMatchObject({ count: 1 })
  })

  it('that is denied fails with its reason', async () => {
    const running = run('sign-in')
    await asked()
    simulator.deny(simulator.deviceLogins()[0]?.userCode ?? '')
    const { exitCode, output, notes } = await running
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' })
    expect(notes).toMatch(/aqueduct: .*(denied|refused)/i)
  })

  it('that is interrupted is cancelled', async () => {
    const interruption = new AbortController()
    const running = run('sign-in', { interrupted: interruption.signal })
    await asked()
    interruption.abort()
    expect((await running).exitCode).toBe(130)
    expect((await run('accounts list --json')).json()).toMatchObject({ count: 0 })
  })

  it('of nobody known, or somewhere strange, is refused', async () => {
    expect(await run('sign-in --again nobody')).toMatchObject({ exitCode: 1 })
    const strange = await run('sign-in --start-url http://example.com')
    expect(strange.exitCode).toBe(1)
    expect(strange.notes).toContain('startUrl')
  })
})
