import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readConfig } from '../../src/config.ts'
import type { Gateway } from '../../src/composition/serve.ts'
import { startGateway } from '../../src/gateway.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const startSchema = z.strictObject({
  authId: z.string().regex(/^[0-9a-f]{32}$/),
  verificationUriComplete: z.string(),
  verificationUri: z.string(),
  userCode: z.string(),
  expiresIn: z.number(),
  interval: z.number(),
})
const statusSchema = z.strictObject({
  status: z.enum(['pending', 'completed', 'timeout', 'error']),
  remaining: z.number(),
  error: z.string().nullable(),
  accountId: z.string().nullable(),
  userCode: z.string().nullable(),
  verificationUriComplete: z.string().nullable(),
})
const claimSchema = z.strictObject({
  status: z.literal('completed'),
  account: z.looseObject({ id: z.string() }),
})

let gateway: GatewayUnderTest
const open = async (environment: Record<string, string> = {}) => {
  gateway = await startGatewayUnderTest({ withAccount: false, environment })
}
afterEach(() => gateway.close())

const start = async (body: object = {}) => {
  const answer = await gateway.postJson('/v2/auth/start', body)
  expect(answer.status).toBe(200)
  return startSchema.parse(await answer.json())
}
const statusOf = async (authId: string, at = gateway.url) =>
  statusSchema.parse(await (await fetch(`${at}/v2/auth/status/${authId}`)).json())
const claim = (authId: string, at = gateway.url) =>
  fetch(`${at}/v2/auth/claim/${authId}`, { method: 'POST', headers: { 'content-type': 'application/json' } })
const cancel = (authId: string) => gateway.fetch(`/v2/auth/cancel/${authId}`, { method: 'POST' })
const accountsOf = async () => {
  const list = await (await gateway.fetch('/v2/accounts')).json()
  return z.object({ accounts: z.array(z.looseObject({ id: z.string() })) }).parse(list).accounts
}
/** What they have used may be read at any time. */
const withoutQuota = async () => (await accountsOf()).map((account) => ({ ...account, quota: null }))
const polls = () => gateway.simulator.journal.entries().filter(({ operation }) => operation === 'CreateToken')
const polled = () => gateway.simulator.journal.waitFor(({ operation }) => operation === 'CreateToken')
const chat = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'hi' }] }

/** How it ended, asked as a page would. */
async function endOf(authId: string) {
  for (;;) {
    const view = await statusOf(authId)
    if (view.status !== 'pending') return view
    await setTimeout(50)
  }
}

describe('a sign-in', { timeout: 20_000 }, () => {
  it('makes an account of a Builder ID that serves at once, and tells no secret', async () => {
    await open()
    const { authId, userCode, verificationUriComplete, expiresIn } = await start({
      label: 'mine',
      tags: ['blue'],
    })
    expect(verificationUriComplete).toContain('https://view.awsapps.com/start')
    expect(expiresIn).toBe(300)
    const waiting = claim(authId)
    await polled()
    expect(gateway.simulator.approve(userCode)).toBe(true)
    const answer = await waiting
    expect(answer.status).toBe(200)
    const { account } = claimSchema.parse(await answer.json())
    expect(account).toMatchObject({
      label: 'mine',
      tags: ['blue'],
      enabled: true,
      startUrl: 'https://view.awsapps.com/start',
      hasClientSecret: true,
      hasRefreshToken: true,
      hasAccessToken: true,
      status: { kind: 'ready' },
    })
    expect(await (await claim(authId)).json()).toEqual({
      status: 'completed',
      accountId: account.id,
      error: null,
    })
    expect((await gateway.postJson('/v1/chat/completions', chat)).status).toBe(200)
    // The tokens of the sign-in are good: nothing had to be refreshed.
    expect(gateway.simulator.journal.refreshes()).toBe(0)
    expect((await gateway.fetch(`/v2/accounts/${account.id}/refresh`, { method: 'POST' })).status).toBe(200)
    gateway.assertNoViolation()
  })

  it('makes an account of IAM Identity Center in the region that the service names, unclaimed', async () => {
    await open()
    const startUrl = 'https://d-1234567890.awsapps.com/start'
    gateway.simulator.change({
      startUrlHomes: [{ startUrl, region: 'eu-west-1', wrongCalls: 1 }],
      approveAtPoll: 1,
    })
    const { authId } = await start({ startUrl: `${startUrl}/#/`, region: 'eu-central-1' })
    expect(await endOf(authId)).toMatchObject({ status: 'completed', remaining: 0, error: null })
    expect(await accountsOf()).toMatchObject([{ startUrl, signInRegion: 'eu-west-1' }])
    const operations = gateway.simulator.journal.entries().map(({ operation }) => operation)
    expect(operations.filter((each) => each === 'RegisterClient')).toHaveLength(2)
  })

  it.each<[string, () => void, number, string]>([
    [
      'is denied',
      () => gateway.simulator.deny(gateway.simulator.deviceLogins()[0]?.userCode ?? ''),
      502,
      'error',
    ],
    ['is not approved in time', () => gateway.simulator.advance(3_600_000), 408, 'timeout'],
  ])('that %s makes no account', async (_, decide, httpStatus, status) => {
    await open()
    const { authId } = await start()
    decide()
    const first = await claim(authId)
    expect(first.status).toBe(httpStatus)
    expect(await first.json()).toMatchObject({ error: { message: expect.stringMatching(/denied|in time/) } })
    const again = await claim(authId)
    expect(again.status).toBe(200)
    expect(await again.json()).toMatchObject({ status, accountId: null, error: expect.any(String) })
    expect(await accountsOf()).toEqual([])
  })

  it('ends by itself with its code', async () => {
    await open()
    gateway.simulator.change({ deviceCodeLifeSeconds: 1 })
    const { authId, expiresIn } = await start()
    expect(expiresIn).toBe(1)
    expect(await endOf(authId)).toMatchObject({ status: 'timeout' })
  })

  it('S58: slows down when it is asked to', async () => {
    await open()
    gateway.simulator.change({ approveAtPoll: 2 })
    gateway.simulator.plan({
      operation: 'CreateToken',
      times: 1,
      behaviour: {
        kind: 'refusal',
        refusal: { name: 'SlowDownException', message: 'Too fast.', status: 400 },
      },
    })
    const { authId } = await start()
    expect(await endOf(authId)).toMatchObject({ status: 'completed' })
    const [first, second] = polls().map(({ receivedAt }) => receivedAt)
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(6000)
  })

  it('S59: that is cancelled is asked no more, and its person approves in vain', async () => {
    await open()
    const { authId, userCode } = await start()
    await polled()
    const cancelled = await cancel(authId)
    expect(cancelled.status).toBe(200)
    expect(await cancelled.json()).toMatchObject({ status: 'error', error: 'The sign-in was cancelled.' })
    const asked = polls().length
    gateway.simulator.approve(userCode)
    await setTimeout(1500)
    expect(polls()).toHaveLength(asked)
    expect(await accountsOf()).toEqual([])
    expect(await (await gateway.fetch('/v2/auth')).json()).toMatchObject({
      signIns: [{ authId, status: 'error' }],
      count: 1,
    })
  })

  it('goes on after a restart', async () => {
    await open()
    const { authId, userCode } = await start({ label: 'mine' })
    await polled()
    await gateway.restart()
    gateway.simulator.approve(userCode)
    expect(await endOf(authId)).toMatchObject({ status: 'completed' })
    expect(await accountsOf()).toMatchObject([{ label: 'mine' }])
  })

  it('is one of several at once, each with a client of its own', async () => {
    await open()
    const starts = await Promise.all(['a', 'b', 'c'].map((label) => start({ label })))
    for (const { userCode } of starts) gateway.simulator.approve(userCode)
    for (const { authId } of starts) expect(await endOf(authId)).toMatchObject({ status: 'completed' })
    const accounts = await accountsOf()
    expect(accounts.map(({ label }) => String(label)).toSorted()).toEqual(['a', 'b', 'c'])
    expect(new Set(accounts.map(({ clientId }) => clientId)).size).toBe(3)
    for (const { id } of accounts) {
      expect((await gateway.fetch(`/v2/accounts/${id}/refresh`, { method: 'POST' })).status).toBe(200)
    }
  })

  it('S59: replaces the tokens of an account in place, although nobody says who it is', async () => {
    await open()
    gateway.simulator.change({ approveAtPoll: 1 })
    gateway.simulator.plan({ operation: 'GetUsageLimits', behaviour: { kind: 'no-answer' } })
    await endOf((await start({ label: 'mine' })).authId)
    const [before] = await accountsOf()
    const again = await start({ accountId: before?.id })
    expect(await endOf(again.authId)).toMatchObject({ status: 'completed', accountId: before?.id })
    const [after, ...rest] = await accountsOf()
    expect(rest).toEqual([])
    expect(after).toMatchObject({ id: before?.id, label: 'mine' })
    expect(after?.clientId).not.toBe(before?.clientId)
    expect((await gateway.postJson('/v1/chat/completions', chat)).status).toBe(200)
  })

  it.each([
    ['a Builder ID', {}],
    ['IAM Identity Center', { startUrl: 'https://example.awsapps.com/start' }],
  ])('of the same person by %s keeps the account, its label and its counts', async (_, place) => {
    await open()
    const signIn = async (wishes: object, person: string | undefined) => {
      const { authId, userCode } = await start({ ...place, ...wishes })
      expect(gateway.simulator.approve(userCode, person)).toBe(true)
      return endOf(authId)
    }
    const first = await signIn({ label: 'mine' }, undefined)
    expect((await gateway.postJson('/v1/chat/completions', chat)).status).toBe(200)
    const [person] = gateway.simulator.accounts()
    expect(await signIn({}, person?.id)).toMatchObject({ status: 'completed', accountId: first.accountId })
    const [account, ...others] = await accountsOf()
    expect(account).toMatchObject({ id: first.accountId, label: 'mine', success_count: 1, enabled: true })
    expect(others).toEqual([])
    expect((await gateway.postJson('/v1/chat/completions', chat)).status).toBe(200)
    expect((await signIn({}, undefined)).accountId).not.toBe(first.accountId)
    expect(await accountsOf()).toHaveLength(2)
  })

  it('of the same member of several profiles keeps the account, whether or not its profile is chosen', async () => {
    await open()
    const profiles = ['us-east-1', 'eu-central-1'].map((region) => ({
      arn: `arn:aws:codewhisperer:${region}:123456789012:profile/P`,
      profileName: region,
    }))
    const person = gateway.simulator.seed({ kind: 'identity-center', profiles })
    const signIn = async () => {
      const { authId, userCode } = await start({ startUrl: 'https://example.awsapps.com/start' })
      gateway.simulator.approve(userCode, person.id)
      return endOf(authId)
    }
    const { accountId } = await signIn()
    expect(await signIn()).toMatchObject({ status: 'completed', accountId })
    const chosen = await gateway.fetch(`/v2/accounts/${accountId}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ profileArn: profiles[1]?.arn }),
    })
    expect(chosen.status).toBe(200)
    expect(await signIn()).toMatchObject({ status: 'completed', accountId })
    expect(await accountsOf()).toMatchObject([{ id: accountId, profileArn: profiles[1]?.arn }])
    expect((await gateway.postJson('/v1/chat/completions', chat)).status).toBe(200)
  })

  it('leaves the account of another person as it was', async () => {
    await open()
    const one = await start({ label: 'one' })
    gateway.simulator.approve(one.userCode)
    const { accountId } = await endOf(one.authId)
    const before = await withoutQuota()
    const other = await start({ accountId })
    gateway.simulator.approve(other.userCode)
    expect(await endOf(other.authId)).toMatchObject({
      status: 'error',
      error: expect.stringContaining('Another person has signed in'),
    })
    expect(await withoutQuota()).toEqual(before)
  })

  it('S56: keeps its secrets to itself, in answers, errors and logs', async () => {
    await open()
    gateway.simulator.change({ approveAtPoll: 2 })
    const { authId } = await start()
    await endOf(authId)
    const entries = gateway.simulator.journal.entries()
    const bodies = entries
      .filter(({ operation }) => operation === 'CreateToken')
      .map(({ body }) => z.object({ clientSecret: z.string(), deviceCode: z.string() }).parse(body))
    expect(bodies.length).toBeGreaterThan(0)
    const files = readdirSync(gateway.dataDirectory).map((name) =>
      readFileSync(join(gateway.dataDirectory, name), 'latin1'),
    )
    const shown = [
      ...files,
      ...gateway.log,
      JSON.stringify(await statusOf(authId)),
      await (await claim(authId)).text(),
      await (await gateway.fetch('/v2/auth')).text(),
    ].join('\n')
    for (const { clientSecret, deviceCode } of bodies) {
      expect(shown).not.toContain(clientSecret)
      expect(shown).not.toContain(deviceCode)
    }
  })
})

describe('two gateways on one database', { timeout: 20_000 }, () => {
  let second: Gateway | undefined
  afterEach(() => second?.close())

  it('S58: finish each other’s sign-ins, and never poll one both', async () => {
    await open()
    const config = readConfig({
      PORT: '0',
      DATA_DIR: gateway.dataDirectory,
      AMAZON_Q_ENDPOINT: gateway.simulator.url,
      OIDC_ENDPOINT: gateway.simulator.url,
    })
    const { authId, userCode } = await start({ label: 'mine' })
    second = await startGateway(config, pino({ level: 'silent' }), { version: '0.0.0-test' })
    await setTimeout(3500)
    const names = polls().map(({ outcome }) => (outcome.kind === 'refused' ? outcome.name : outcome.kind))
    expect(names).not.toContain('SlowDownException')
    expect(names.length).toBeGreaterThan(1)
    expect(await statusOf(authId, second.url)).toMatchObject({ status: 'pending', userCode })
    await gateway.stop()
    gateway.simulator.approve(userCode)
    const answer = await claim(authId, second.url)
    expect(claimSchema.parse(await answer.json()).account).toMatchObject({ label: 'mine' })
  })
})

describe('the routes of sign-ins', () => {
  it.each([
    [{ startUrl: 'https://evil.example/start' }, 'startUrl'],
    [{ startUrl: 'http://d-1.awsapps.com/start' }, 'startUrl'],
    [{ region: 'evil.example/' }, 'region'],
    [{ region: 'eu-west-1' }, 'startUrl'],
    [{ weight: -1 }, 'weight'],
    [{ proxyUrl: 'ftp://proxy:1' }, 'proxyUrl'],
    [{ models: ['nonsense'] }, 'models'],
  ])('refuse %o for its %s', async (body, field) => {
    await open()
    const answer = await gateway.postJson('/v2/auth/start', body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { param: field } })
    expect(gateway.simulator.journal.entries()).toEqual([])
  })

  it('know no sign-in and no account that is not there', async () => {
    await open()
    expect((await gateway.fetch('/v2/auth/status/nothing')).status).toBe(404)
    expect((await claim('nothing')).status).toBe(404)
    expect((await cancel('nothing')).status).toBe(404)
    expect((await gateway.postJson('/v2/auth/start', { accountId: 'nobody' })).status).toBe(404)
  })

  it('S57: start without a body, and show no link that is not of AWS', async () => {
    await open()
    expect((await gateway.fetch('/v2/auth/start', { method: 'POST' })).status).toBe(200)
    gateway.simulator.change({ verificationUri: 'https://evil.example/device' })
    const answer = await gateway.postJson('/v2/auth/start', {})
    expect(answer.status).toBe(502)
    expect(await answer.text()).not.toContain('evil.example')
    const list = await (await gateway.fetch('/v2/auth')).json()
    expect(list).toMatchObject({ count: 1 })
  })

  it('take the links of a simulator', async () => {
    await open()
    gateway.simulator.change({ approvalPage: true })
    const { verificationUriComplete } = await start()
    expect(verificationUriComplete).toContain(gateway.simulator.url)
  })

  it('S56: say when the eleventh may come', async () => {
    await open()
    for (let count = 0; count < 10; count += 1) await start()
    const answer = await gateway.postJson('/v2/auth/start', {})
    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(200)
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining('/v2/auth') } })
  })

  it('end a claim when the gateway stops', async () => {
    await open()
    const { authId } = await start()
    const waiting = claim(authId)
    await polled()
    await gateway.stop()
    expect((await waiting).status).toBe(503)
  })
})
