/** What hours do to tokens: clocks that are set, a sign-in service that is down, a thousand accounts at once. */
import { describe, expect, it } from 'vitest'
import { countRefreshesOfADay, clockFaults } from '../../../test/token-day.ts'
import { createTokenLab, settle, type TokenLab } from '../../../test/token-lab.ts'
import { createModels } from '../../models/models.ts'
import type { GatewayError } from '../../conversation/failures.ts'
import { sampleModel as model } from '../../../test/sample-model.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

describe('the wall clock', () => {
  it('has no say in how often tokens are refreshed', async () => {
    const counts = new Map<string, number>()
    for (const fault of clockFaults) counts.set(fault.name, await countRefreshesOfADay(fault, 6))
    const [usual = 0] = counts.values()
    expect(usual).toBeGreaterThan(6 * 2)
    expect([...counts]).toEqual(clockFaults.map(({ name }) => [name, usual]))
  })
})

/** Requests go on at one account, one every ten seconds; what became of them. */
async function requestFor(ms: number, lab: TokenLab, request: (id: string) => Promise<string>) {
  const failures: string[] = []
  for (let passed = 0; passed < ms; passed += 10 * SECOND) {
    await lab.pass(10 * SECOND, 10 * SECOND)
    const { status } = lab.accountOf('account-0')
    if (status.kind !== 'ready') failures.push(status.kind)
    else await request('account-0').catch((error: GatewayError) => failures.push(error.failure.kind))
  }
  return failures
}

describe('a sign-in service that gives nothing', () => {
  it.each([
    { kind: 'unavailable', reason: '500' },
    { kind: 'unavailable', reason: '400 slow_down' },
    { kind: 'refused', error: 'invalid_grant', description: 'taken by another program' },
    { kind: 'refused', error: 'invalid_client', description: 'unknown' },
  ] as const)('for 50 minutes with %o costs no request while the token lives', async (failure) => {
    const lab = createTokenLab({ accounts: 1 })
    const { request, close } = lab.startProcess('p')
    lab.service.failure = failure
    expect(await requestFor(55 * MINUTE, lab, request)).toEqual([])
    expect(lab.service.calls.length).toBeGreaterThan(2)
    lab.service.failure = undefined
    expect(await requestFor(3 * HOUR, lab, request)).toEqual([])
    expect(lab.rowOf('account-0')?.account.status).toEqual({ kind: 'ready' })
    await close()
  })

  it('is believed after three refusals over a quarter of an hour without a token, and left alone then', async () => {
    const lab = createTokenLab({ accounts: 1 })
    const { request, pool, close, fresh } = lab.startProcess('p')
    lab.service.failure = { kind: 'refused', error: 'invalid_grant', description: 'revoked' }
    expect(await requestFor(59 * MINUTE + 50 * SECOND, lab, request)).toEqual([])
    await lab.pass(10 * SECOND, 10 * SECOND)
    const kinds: string[] = []
    for (let minute = 0; minute < 30; minute += 1) {
      const account = lab.accountOf('account-0')
      if (account.status.kind !== 'needs-sign-in') {
        await fresh.get(account).catch((error: GatewayError) => {
          pool.note('account-0', { kind: 'failed', failure: error.failure })
        })
      }
      kinds.push(lab.accountOf('account-0').status.kind)
      await lab.pass(MINUTE, 10 * SECOND)
    }
    expect(kinds.indexOf('needs-sign-in')).toBeGreaterThanOrEqual(15)
    expect(kinds.at(-1)).toBe('needs-sign-in')
    const asked = lab.service.calls.length
    await lab.pass(HOUR, 10 * SECOND)
    expect(lab.service.calls).toHaveLength(asked)
    await close()
  })

  it('says that the registration has ended: the account needs a sign-in as soon as its token has, too', async () => {
    const lab = createTokenLab({ accounts: 1 })
    const { fresh, close, warnings } = lab.startProcess('p')
    const row = lab.rowOf('account-0')
    if (row === undefined) throw new Error('no row')
    const registrationExpiresAt = new Date(lab.clock.now() + 10 * MINUTE)
    row.account = { ...row.account, registrationExpiresAt }
    row.credentials = { ...row.credentials, registrationExpiresAt }
    lab.service.failure = { kind: 'refused', error: 'invalid_client', description: 'expired' }
    await lab.pass(50 * MINUTE, 10 * SECOND)
    expect(await fresh.get(lab.accountOf('account-0'))).toBe('access-1')
    expect(warnings[0]).toContain('Sign this account in again before')
    await lab.pass(15 * MINUTE, 10 * SECOND)
    const error = await fresh.get(lab.accountOf('account-0')).catch((thrown: GatewayError) => thrown)
    expect(error).toMatchObject({
      failure: { kind: 'sign-in-needed', message: expect.stringContaining('registration') },
    })
    // The sweep has met it already.
    expect(lab.accountOf('account-0').status).toMatchObject({ kind: 'needs-sign-in' })
    const asked = lab.service.calls.length
    await lab.pass(6 * HOUR, 10 * SECOND)
    expect(lab.service.calls.length).toBe(asked)
    await close()
  })
})

describe('a wall clock that runs days ahead', () => {
  it('ends no registration: once it is right again, nothing has happened', async () => {
    const lab = createTokenLab({ accounts: 1 })
    const { fresh, close } = lab.startProcess('p')
    const row = lab.rowOf('account-0')
    if (row === undefined) throw new Error('no row')
    const registrationExpiresAt = new Date(lab.clock.now() + 3 * 24 * HOUR)
    row.account = { ...row.account, registrationExpiresAt }
    row.credentials = { ...row.credentials, registrationExpiresAt }
    lab.clock.stepWall(4 * 24 * HOUR)
    await lab.pass(2 * HOUR, 10 * SECOND)
    lab.clock.stepWall(-4 * 24 * HOUR)
    await lab.pass(2 * HOUR, 10 * SECOND)
    expect(lab.accountOf('account-0').status).toEqual({ kind: 'ready' })
    expect(await fresh.get(lab.accountOf('account-0'))).toMatch(/^access-/)
    await close()
  })
})

describe('a thousand accounts whose tokens are all due at the start', () => {
  it('serve the first request at once, and are refreshed at an even pace, over two processes', async () => {
    const lab = createTokenLab({ accounts: 1000 })
    const { clock, service } = lab
    clock.advance(2 * HOUR)
    service.latencyMs = 200
    const processes = [lab.startProcess('p'), lab.startProcess('q')]
    const models = processes.map(({ fresh }) =>
      createModels({
        upstream: { catalogue: [model], listModels: async () => [model] },
        accounts: () => lab.ids.map((id) => lab.accountOf(id)),
        accessTo: async (account, signal) => {
          const accessToken = await fresh.getInTurn(account, signal)
          return { accountId: account.id, accessToken, channel: 'q-json', region: 'us-east-1', optsOut: true }
        },
        naming: { aliases: [], replacesRetired: false },
        clock,
        report: () => {},
      }),
    )
    for (const each of models) lab.ids.forEach((id) => each.noteAccount(lab.accountOf(id)))
    await settle()
    const bootedAt = clock.elapsed()
    let servedAt = 0
    const serveFirst = async () => {
      await processes[0]?.request('account-700')
      await models[0]?.ofAccount({ accountId: 'account-700' }, model)
      servedAt = clock.elapsed()
    }
    const first = serveFirst()
    await lab.pass(300, 100)
    await first
    // What the sign-in service took to answer, and nothing beside.
    expect(servedAt - bootedAt).toBeLessThanOrEqual(300)
    service.mostAtOnce = 0
    await lab.pass(7 * MINUTE, 100)

    expect(service.refusals).toBe(0)
    expect(service.calls).toHaveLength(1000)
    expect(service.mostAtOnce).toBeLessThanOrEqual(4)
    expect((service.calls.at(-1) ?? 0) - (service.calls[0] ?? 0)).toBeGreaterThan(MINUTE)
    let inSecond = 0
    let from = 0
    service.calls.forEach((at, index) => {
      while ((service.calls[from] ?? 0) <= at - SECOND) from += 1
      inSecond = Math.max(inSecond, index - from + 1)
    })
    expect(inSecond).toBeLessThanOrEqual(5)
    await Promise.all([...models.map((each) => each.close()), ...processes.map((each) => each.close())])
  })
})
