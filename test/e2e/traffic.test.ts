/** Each request of a client is counted and kept once, however it ends, and nothing that was said in it. */
import BetterSqlite3 from 'better-sqlite3'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { refusals } from '../../simulator/replies/refusals.ts'
import { text } from '../../simulator/replies/events.ts'
import { cut, stall } from '../../simulator/replies/steps.ts'
import {
  accountTrafficAnswer,
  callDetailAnswer,
  callHistogramAnswer,
  callListAnswer,
  healthChecksAnswer,
  latencyAnswer,
  poolQuotaAnswer,
  topTrafficAnswer,
  trafficAnswer,
} from '../../src/http/admin/console-contract.ts'
import { countedNames, noCounts, type RequestCounts } from '../../src/calls/request-counts.ts'
import { readConfig } from '../../src/config.ts'
import { startGateway } from '../../src/gateway.ts'
import { createLogger } from '../../src/program/create-logger.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { ANTHROPIC, OPENAI, forms, questionFor } from '../read-answer.ts'
import { openSocket } from '../send.ts'

const PATIENCE_MS = 15_000
const password = 'correct horse battery'
const key = 'a-client-key-of-the-environment-1234'
const asOperator = { authorization: `Bearer ${password}` }
const asClient = { authorization: `Bearer ${key}`, 'user-agent': 'claude-cli/2.1.0 (external, cli)' }

let gateway: GatewayUnderTest
afterEach(() => gateway.close())
const start = async (environment: Record<string, string> = {}, withAccount = true) => {
  gateway = await startGatewayUnderTest({
    environment: {
      ADMIN_PASSWORD: password,
      OPENAI_KEYS: key,
      RETRY_BUDGET_PERCENT: '0',
      RETRY_BUDGET_PER_SECOND: '0',
      ...environment,
    },
    withAccount,
  })
}

const read = (path: string) => gateway.fetch(path, { headers: asOperator })
const readCalls = async (query = '') => callListAnswer.parse(await (await read(`/v2/calls${query}`)).json())
const readAccounts = async () =>
  accountTrafficAnswer.parse(await (await read('/v2/traffic/accounts')).json()).accounts
const readTop = async (range = '1h') =>
  topTrafficAnswer.parse(await (await read(`/v2/traffic/top?range=${range}`)).json())
const readLatency = async (query: string) =>
  latencyAnswer.parse(await (await read(`/v2/traffic/latency?${query}`)).json())
const readCall = async (id: string) => callDetailAnswer.parse(await (await read(`/v2/calls/${id}`)).json())
const readTraffic = async (range = '1h', from = gateway.url) => {
  const answer = await fetch(`${from}/v2/traffic?range=${range}`, { headers: asOperator })
  return trafficAnswer.parse(await answer.json())
}

async function readCounts(range = '1h', from = gateway.url): Promise<RequestCounts> {
  const counts = noCounts()
  for (const point of (await readTraffic(range, from)).points)
    for (const name of countedNames) counts[name] += point[name]
  return counts
}

async function eventually<Found>(
  find: () => Promise<Found>,
  isSo: (found: Found) => boolean,
): Promise<Found> {
  const lastMoment = performance.now() + PATIENCE_MS
  for (;;) {
    const found = await find()
    if (isSo(found) || performance.now() > lastMoment) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The calls, once so many are there. */
const callsOnce = async (count: number) =>
  (
    await eventually(
      () => readCalls(),
      ({ calls }) => calls.length >= count,
    )
  ).calls

async function ask(path: string, body: unknown, headers: Record<string, string> = asClient) {
  const answer = await gateway.postJson(path, body, headers)
  await answer.text()
  return answer
}

/** Sends, reads something of the answer, and leaves. */
async function leaveDuring(path: string, stream: boolean): Promise<void> {
  gateway.simulator.plan({ times: 1, behaviour: { kind: 'steps', steps: [text('begun '), stall()] } })
  const { journal } = gateway.simulator
  const last = journal.of('GenerateAssistantResponse').at(-1)?.order ?? 0
  const leaving = new AbortController()
  const body = JSON.stringify(questionFor(path, stream))
  const headers = { 'content-type': 'application/json', ...asClient }
  const sent = gateway.fetch(path, { method: 'POST', body, headers, signal: leaving.signal })
  if (stream) await (await sent).body?.getReader().read()
  else {
    await journal.waitFor(({ order, operation }) => order > last && operation === 'GenerateAssistantResponse')
  }
  leaving.abort()
  await sent.catch(() => {})
}

async function leaveDuringUpload(): Promise<void> {
  const head = `POST ${OPENAI} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${key}\r\ncontent-length: 1000\r\n\r\n{`
  const socket = await openSocket(gateway.url, head)
  await new Promise((resolve) => setTimeout(resolve, 50))
  socket.destroy()
}

describe('a request of a client', () => {
  it('is told of when it was answered', async () => {
    await start()
    for (const [index, { path, stream }] of forms.entries()) {
      const answer = await ask(path, questionFor(path, stream))
      const id = answer.headers.get('x-request-id') ?? ''
      const [call] = await callsOnce(index + 1)
      expect(call).toMatchObject({
        id,
        outcome: 'ok',
        status: 200,
        failure: null,
        dialect: path === OPENAI ? 'openai-chat' : 'anthropic-messages',
        stream,
        model: 'claude-sonnet-4.5',
        modelUsed: 'claude-sonnet-4.5',
        keyId: 'env-1',
        accountIds: [gateway.accountId],
        stopReason: 'end-turn',
        repairs: [],
        client: 'claude-cli 2.1.0',
      })
      expect(call?.firstTokenMs).toBeGreaterThan(0)
      expect(call?.totalMs).toBeGreaterThanOrEqual((call?.firstTokenMs ?? 0) - 1)
      expect(await readCall(id)).toMatchObject({
        id,
        skipped: [],
        attempts: [{ account: gateway.accountId, outcome: 'answered' }],
      })
    }
    const calls = await callsOnce(forms.length)
    const sumOf = (name: 'inputTokens' | 'outputTokens') =>
      calls.reduce((sum, call) => sum + (call[name] ?? 0), 0)
    const expected = { ok: 4, inputTokens: sumOf('inputTokens'), outputTokens: sumOf('outputTokens') }
    const counts = await eventually(
      () => readCounts(),
      ({ ok }) => ok >= 4,
    )
    expect(counts).toEqual({ ...noCounts(), ...expected })
    const { points, beats } = await readTraffic()
    expect(points[0]?.firstTokenP50Ms).toBeGreaterThan(0)
    expect(beats).toEqual([
      { accountId: gateway.accountId, minutes: expect.stringMatching(/^-{57,59}o{1,2}-?$/) },
    ])
  })

  const endings: [string, () => Promise<unknown>, { outcome: string; status: number; failure: string }][] = [
    [
      'with a body that is no JSON',
      () => gateway.fetch(OPENAI, { method: 'POST', body: '{', headers: asClient }),
      { outcome: 'client-error', status: 400, failure: 'invalid-request' },
    ],
    [
      'without messages',
      () => ask(ANTHROPIC, { model: 'claude-sonnet-4.5', max_tokens: 1 }),
      { outcome: 'client-error', status: 400, failure: 'invalid-request' },
    ],
    [
      'for a model that there is not',
      () => ask(OPENAI, { ...questionFor(OPENAI, true), model: 'no-such-model' }),
      { outcome: 'client-error', status: 404, failure: 'model-not-found' },
    ],
    [
      'without a key',
      () => ask(OPENAI, questionFor(OPENAI, true), {}),
      { outcome: 'client-error', status: 401, failure: 'unauthenticated' },
    ],
    [
      'that the service throttles',
      () => {
        gateway.simulator.plan({ times: 5, behaviour: { kind: 'refusal', refusal: refusals.throttled } })
        return ask(OPENAI, questionFor(OPENAI, false))
      },
      { outcome: 'throttled', status: 429, failure: 'throttled' },
    ],
    [
      'that breaks off in its stream',
      () => {
        gateway.simulator.plan({ times: 5, behaviour: { kind: 'steps', steps: [text('begun '), cut()] } })
        return ask(OPENAI, questionFor(OPENAI, true))
      },
      { outcome: 'upstream-error', status: 502, failure: 'interrupted' },
    ],
    [
      'whose client leaves its stream',
      () => leaveDuring(OPENAI, true),
      { outcome: 'cancelled', status: 499, failure: 'client-gone' },
    ],
    [
      'whose client leaves before the answer',
      () => leaveDuring(ANTHROPIC, false),
      { outcome: 'cancelled', status: 499, failure: 'client-gone' },
    ],
    [
      'whose client leaves while it sends',
      leaveDuringUpload,
      { outcome: 'cancelled', status: 499, failure: 'client-gone' },
    ],
  ]
  it('is told of once, however it ends', async () => {
    await start()
    for (const [, send] of endings) {
      await send()
      // Another one's plan must not be left.
      gateway.simulator.clearPlans()
      await gateway.resetAccount()
    }
    await ask(OPENAI, questionFor(OPENAI, false))
    const calls = await callsOnce(endings.length + 1)
    const told = calls.map(({ outcome, status, failure }) => `${outcome} ${status} ${failure}`)
    const expected = endings.map(([, , { outcome, status, failure }]) => `${outcome} ${status} ${failure}`)
    expect(told.toSorted()).toEqual([...expected, 'ok 200 null'].toSorted())
    const counts = await eventually(
      () => readCounts(),
      ({ cancelled }) => cancelled >= 3,
    )
    expect(counts).toMatchObject({
      ok: 1,
      clientErrors: 4,
      throttled: 1,
      upstreamErrors: 1,
      shed: 0,
      cancelled: 3,
    })
  }, 60_000)

  it('that no account can serve is told of as shed', async () => {
    await start({}, false)
    await ask(OPENAI, questionFor(OPENAI, true))
    expect(await callsOnce(1)).toMatchObject([
      { outcome: 'shed', status: 401, failure: 'no-account', accountIds: [] },
    ])
  })

  it('over the limit of its key is told of as shed', async () => {
    await start()
    const made = await gateway.postJson(
      '/v2/keys',
      { name: 'k', limits: { requests_per_minute: 1 } },
      asOperator,
    )
    const { id, key: secret } = z.looseObject({ id: z.string(), key: z.string() }).parse(await made.json())
    for (let turn = 0; turn < 2; turn += 1) {
      await ask(OPENAI, questionFor(OPENAI, false), { authorization: `Bearer ${secret}` })
    }
    const calls = await callsOnce(2)
    expect(calls).toMatchObject([
      { outcome: 'shed', status: 429, failure: 'rate-limited', keyId: id },
      { outcome: 'ok', keyId: id },
    ])
    expect((await readCalls(`?key=${id}&outcome=shed`)).calls).toEqual([calls[0]])
    expect((await readCalls(`?account=${gateway.accountId}`)).calls).toEqual([calls[1]])
  })
})

describe('other requests', () => {
  it('are not counted', async () => {
    await start()
    await ask('/v1/messages/count_tokens', questionFor(ANTHROPIC, false))
    for (const path of ['/v1/models', '/v1/usage', '/health', '/openapi.json', OPENAI]) {
      await (await gateway.fetch(path, { headers: asClient })).text()
    }
    await gateway.fetch(OPENAI, { method: 'OPTIONS' })
    const answer = await ask(OPENAI, questionFor(OPENAI, false))
    expect((await callsOnce(1)).map(({ id }) => id)).toEqual([answer.headers.get('x-request-id')])
    expect(await readCounts('24h')).toMatchObject({ ok: 1, clientErrors: 0 })
  })
})

describe('what the operator asks', () => {
  const model = 'claude-sonnet-4.5'
  const trialFor = (path: string) =>
    path === '/v2/responses/test'
      ? { model, input: 'hi', store: false }
      : questionFor(path === '/v2/messages/test' ? ANTHROPIC : OPENAI, false)

  it('is kept as such, and counted nowhere', async () => {
    await start()
    const asked = ['/v2/chat/test', '/v2/messages/test', '/v2/responses/test']
    for (const path of asked) expect((await ask(path, trialFor(path), asOperator)).status).toBe(200)
    expect((await ask('/v2/messages/test', { model: 'no-such' }, asOperator)).status).toBe(400)
    const calls = await callsOnce(4)
    expect(calls.map(({ dialect, outcome, keyId }) => [dialect, outcome, keyId])).toEqual([
      ['anthropic-messages', 'client-error', 'operator'],
      ['openai-responses', 'ok', 'operator'],
      ['anthropic-messages', 'ok', 'operator'],
      ['openai-chat', 'ok', 'operator'],
    ])
    expect((await readCalls('?key=operator')).calls).toHaveLength(4)
    expect(await readCounts('24h')).toMatchObject({ ok: 0, clientErrors: 0 })
  })

  it('is counted apart from what clients ask', async () => {
    await start()
    await ask('/v2/chat/test', trialFor('/v2/chat/test'), asOperator)
    await ask(OPENAI, questionFor(OPENAI, false))
    expect((await callsOnce(2)).map(({ keyId }) => keyId)).toEqual(['env-1', 'operator'])
    expect(await readCounts('24h')).toMatchObject({ ok: 1 })
  })
})

describe('what is kept', () => {
  it('holds nothing that was said, and no secret', async () => {
    await start()
    const said = 'canary-of-a-prompt'
    gateway.simulator.plan({ times: 1, behaviour: { kind: 'steps', steps: [text('canary-of-an-answer')] } })
    await ask(OPENAI, questionFor(OPENAI, true, said), {
      ...asClient,
      'user-agent': 'canary-of-a-header',
      'x-canary': 'canary-of-a-header',
    })
    const [call] = await callsOnce(1)
    const shown = JSON.stringify([call, await readCall(call?.id ?? '')])
    await gateway.stop()
    const files = readFileSync(join(gateway.dataDirectory, 'data.sqlite3'))
    for (const canary of [said, 'canary-of-an-answer', key]) {
      expect(shown).not.toContain(canary)
      expect(files.includes(canary)).toBe(false)
    }
  })

  it('survives a restart, with what was not written yet when the gateway was stopped', async () => {
    await start()
    for (let turn = 0; turn < 3; turn += 1) await ask(OPENAI, questionFor(OPENAI, false))
    await gateway.restart()
    expect((await readCalls()).calls).toHaveLength(3)
    expect(await readCounts('15m')).toMatchObject({ ok: 3 })
    expect(await readCounts('30d')).toMatchObject({ ok: 3 })
  })

  it('is what all processes on the database have counted', async () => {
    await start()
    const config = readConfig({
      PORT: '0',
      DATA_DIR: gateway.dataDirectory,
      AMAZON_Q_ENDPOINT: gateway.simulator.url,
      OIDC_ENDPOINT: gateway.simulator.url,
      ADMIN_PASSWORD: password,
      OPENAI_KEYS: key,
    })
    const logger = createLogger({ level: 'silent', base: null, output: { write: () => {} } })
    const other = await startGateway(config, logger, { version: '0.0.0-test' })
    try {
      for (const url of [gateway.url, other.url, other.url]) {
        const answer = await fetch(`${url}${OPENAI}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...asClient },
          body: JSON.stringify(questionFor(OPENAI, false)),
        })
        await answer.text()
      }
      for (const url of [gateway.url, other.url]) {
        const counts = await eventually(
          () => readCounts('1h', url),
          ({ ok }) => ok >= 3,
        )
        expect(counts.ok).toBe(3)
      }
      expect(await callsOnce(3)).toHaveLength(3)
    } finally {
      await other.close()
    }
  })

  it('is none of the calls where none is wanted, and the counts all the same', async () => {
    await start({ CALLS_KEEP_DAYS: '0' })
    await ask(OPENAI, questionFor(OPENAI, false))
    const counts = await eventually(
      () => readCounts(),
      ({ ok }) => ok > 0,
    )
    expect(counts.ok).toBe(1)
    await gateway.stop()
    const database = new BetterSqlite3(join(gateway.dataDirectory, 'data.sqlite3'))
    expect(database.prepare('select count(*) as n from calls').get()).toEqual({ n: 0 })
    database.close()
  })
})

describe('GET /v2/traffic/accounts', () => {
  it('tells what went through each account in the last day, and what is under way', async () => {
    await start()
    gateway.simulator.plan({ times: 1, behaviour: { kind: 'steps', steps: [text('begun '), stall()] } })
    const leaving = new AbortController()
    const sent = await gateway.fetch(OPENAI, {
      method: 'POST',
      body: JSON.stringify(questionFor(OPENAI, true)),
      headers: { 'content-type': 'application/json', ...asClient },
      signal: leaving.signal,
    })
    await sent.body?.getReader().read()
    expect(await readAccounts()).toMatchObject([{ requests: 0, ok: 0, firstTokenP95Ms: null, inFlight: 1 }])
    leaving.abort()
    await gateway.restart()
    await ask(OPENAI, questionFor(OPENAI, false))
    await callsOnce(2)
    const [account] = await readAccounts()
    expect(account).toMatchObject({ requests: 1, ok: 1, inFlight: 0 })
    expect(account?.firstTokenP95Ms).toBeGreaterThan(0)
  })
})

describe('GET /v2/traffic/top', () => {
  it('tells which models and keys were used, and how often in vain', async () => {
    await start()
    const made = await gateway.postJson('/v2/keys', { name: 'a named one' }, asOperator)
    const { id, key: secret } = z.object({ id: z.string(), key: z.string() }).parse(await made.json())
    await ask(OPENAI, questionFor(OPENAI, false))
    await ask(OPENAI, { ...questionFor(OPENAI, false), model: 'no-such-model' })
    await gateway.postJson(OPENAI, questionFor(OPENAI, false), { authorization: `Bearer ${secret}` })
    gateway.simulator.plan({ times: 5, behaviour: { kind: 'refusal', refusal: refusals.throttled } })
    await ask(OPENAI, questionFor(OPENAI, false))
    await callsOnce(4)
    const { models, keys } = await eventually(
      () => readTop(),
      (top) => top.keys.length === 2,
    )
    expect(models).toHaveLength(1)
    expect(models[0]).toMatchObject({ name: questionFor(OPENAI, false).model, requests: 3, failures: 1 })
    expect(keys.map(({ id: of, name, requests }) => [of, name, requests])).toEqual([
      ['env-1', null, 3],
      [id, 'a named one', 1],
    ])
    expect((await readTop('30d')).models).toEqual(models)
    expect((await read('/v2/traffic/top?range=1y')).status).toBe(400)
  })
})

describe('GET /v2/quota', () => {
  it('tells what all accounts may still spend', async () => {
    await start({}, false)
    expect(poolQuotaAnswer.parse(await (await read('/v2/quota')).json())).toEqual({
      accounts: 0,
      known: 0,
      left: 0,
      limit: 0,
      creditsPerDay: null,
      runsOutAt: null,
      renewsAt: null,
    })
  })
})

describe('GET /v2/health-checks', () => {
  it('measures what the gateway stands on, once for all who ask', async () => {
    await start()
    const [first, second] = await Promise.all(
      [read('/v2/health-checks'), read('/v2/health-checks')].map(async (answer) =>
        healthChecksAnswer.parse(await (await answer).json()),
      ),
    )
    expect(second).toEqual(first)
    const values = new Map(first?.checks.map(({ code, state, value }) => [code, { state, value }]))
    expect([...values.keys()]).toHaveLength(7)
    expect(values.get('database')?.value).toBeGreaterThan(0)
    expect(values.get('disk')?.value).toBeGreaterThan(0)
    expect(values.get('memory')?.value).toBeGreaterThan(0)
    expect(values.get('proxy')).toEqual({ state: 'unused', value: null })
  })

  it('says so when the proxy cannot be reached', async () => {
    await start({ HTTPS_PROXY: 'http://127.0.0.1:1' })
    const { checks } = healthChecksAnswer.parse(await (await read('/v2/health-checks')).json())
    expect(checks.find(({ code }) => code === 'proxy')).toMatchObject({ state: 'bad', value: null })
  })
})

describe('GET /v2/calls', () => {
  it('pages newest first, and takes no cursor that it did not give out', async () => {
    await start()
    for (let turn = 0; turn < 5; turn += 1) await ask(OPENAI, questionFor(OPENAI, false))
    const all = (await callsOnce(5)).map(({ id }) => id)
    const seen: string[] = []
    let query = '?limit=2'
    for (;;) {
      const { calls, nextCursor } = await readCalls(query)
      seen.push(...calls.map(({ id }) => id))
      if (nextCursor === null) break
      query = `?limit=2&cursor=${nextCursor}`
    }
    expect(seen).toEqual(all)
    expect((await read(`/v2/calls?cursor=${'A'.repeat(80)}`)).status).toBe(400)
    expect((await read('/v2/calls/req_unknown')).status).toBe(404)
    expect((await read('/v2/calls?key=a%00b')).status).toBe(400)
    expect((await read('/v2/traffic?range=1y')).status).toBe(400)
  })
})

const span = () =>
  `since=${new Date(Date.now() - 3_600_000).toISOString()}&until=${new Date(Date.now() + 5000).toISOString()}`
const readHistogram = async (query: string) =>
  callHistogramAnswer.parse(await (await read(`/v2/calls/histogram?${query}`)).json())

describe('the log of calls', () => {
  it('is searched by what is known of each call', async () => {
    await start()
    const question = questionFor(OPENAI, true)
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }]
    const answer = await ask(OPENAI, { ...question, tools })
    await ask(ANTHROPIC, { ...questionFor(ANTHROPIC, false), model: 'no-such-model' })
    const all = await callsOnce(2)
    const [refused, answered] = all
    expect(answered).toMatchObject({
      hasTools: true,
      hasImages: false,
      tries: 1,
      requestBytes: expect.any(Number),
    })
    expect(refused).toMatchObject({ hasTools: null, tries: 0 })
    const wishes: [string, unknown[]][] = [
      ['status=2xx', [answered]],
      ['status=4xx', [refused]],
      ['failure=model-not-found', [refused]],
      ['dialect=openai-chat', [answered]],
      ['client=claude-cli', all],
      ['client=claude', []],
      ['minimum_ms=9999999', []],
      ['stream=true&tools=true&images=false', [answered]],
      ['search=not-found', [refused]],
      [`search=${answer.headers.get('x-request-id')?.slice(0, 12)}`, [answered]],
      ['trials=exclude', all],
    ]
    for (const [query, found] of wishes) expect((await readCalls(`?${query}`)).calls).toEqual(found)
    for (const query of [
      'search=xy',
      'failure=bad-luck',
      'stream=1',
      'minimum_ms=1.5',
      'status=200',
      'tool=true',
    ]) {
      expect((await read(`/v2/calls?${query}`)).status).toBe(400)
    }
  })

  it('is counted over a time, by what is counted already and call by call alike', async () => {
    await start()
    for (let turn = 0; turn < 3; turn += 1) await ask(OPENAI, questionFor(OPENAI, false))
    await ask(OPENAI, { ...questionFor(OPENAI, false), model: 'no-such-model' })
    await callsOnce(4)
    for (const query of ['trials=exclude', '', 'client=claude-cli']) {
      const { steps, stepSeconds, oldest, nextCursor } = await readHistogram(`${span()}&${query}`)
      expect(steps.reduce((sum, { ok }) => sum + ok, 0)).toBe(3)
      expect(steps.reduce((sum, { clientErrors }) => sum + clientErrors, 0)).toBe(1)
      expect({ stepSeconds, nextCursor }).toEqual({ stepSeconds: 60, nextCursor: null })
      expect(oldest).not.toBeNull()
    }
    const { steps } = await readHistogram(`${span()}&status=4xx`)
    expect(steps.map(({ ok, clientErrors }) => [ok, clientErrors])).toEqual([[0, 1]])
    expect((await read('/v2/calls/histogram')).status).toBe(400)
    expect(
      (await read('/v2/calls/histogram?since=2020-01-01T00:00:00Z&until=2026-01-01T00:00:00Z')).status,
    ).toBe(400)
    expect((await read(`/v2/calls/histogram?${span()}&cursor=${'A'.repeat(60)}`)).status).toBe(400)
  })

  it('is given away as a file, as far as a filter goes', async () => {
    await start()
    for (let turn = 0; turn < 3; turn += 1) await ask(OPENAI, questionFor(OPENAI, false))
    await ask(OPENAI, { ...questionFor(OPENAI, false), model: '=1+1' })
    const calls = await callsOnce(4)
    const lines = await read('/v2/calls/export?format=ndjson&status=2xx')
    expect(lines.headers.get('content-type')).toContain('application/x-ndjson')
    const told = (await lines.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(told).toEqual(calls.filter(({ status }) => status === 200))
    const table = await read('/v2/calls/export?search=not-found')
    expect(table.headers.get('content-disposition')).toBe('attachment; filename="aqueduct-requests.csv"')
    const rows = (await table.text()).trimEnd().split('\r\n')
    expect(rows).toHaveLength(2)
    expect(rows[1]).toContain(`"'=1+1"`)
    expect((await read('/v2/calls/export?format=xml')).status).toBe(400)
  })

  it('tells where the time of a call went, and its failure as each API does', async () => {
    await start()
    gateway.simulator.plan({ times: 5, behaviour: { kind: 'refusal', refusal: refusals.throttled } })
    await ask(OPENAI, questionFor(OPENAI, false))
    const [call] = await callsOnce(1)
    const { attempts, told, lead } = await readCall(call?.id ?? '')
    expect(lead).toBeGreaterThanOrEqual(0)
    expect(attempts[0]).toMatchObject({ outcome: 'throttled', status: 400, requestId: expect.any(String) })
    expect(attempts[0]?.sent).toBeLessThanOrEqual(attempts[0]?.headers ?? -1)
    expect(told.map(({ dialect, status }) => `${dialect} ${status}`)).toContain('anthropic-messages 429')
    expect(told.map(({ body }) => body).join()).not.toContain('Amazon')
  })
})

describe('how long requests of one model, API or account took', () => {
  it('is read from the log of calls', async () => {
    await start()
    for (const path of [OPENAI, ANTHROPIC]) await ask(path, questionFor(path, false))
    await ask(OPENAI, { ...questionFor(OPENAI, false), model: 'no-such-model' })
    await callsOnce(3)
    const { model } = questionFor(OPENAI, false)
    for (const subject of [`model=${model}`, 'dialect=openai-chat', `account=${gateway.accountId}`]) {
      const { points, stepSeconds, since, to } = await readLatency(`range=1h&${subject}`)
      expect([stepSeconds, since < to]).toEqual([60, true])
      expect(points.length).toBeGreaterThan(0)
      for (const point of points) expect(point).toMatchObject({ totalP99Ms: expect.any(Number) })
    }
    expect((await readLatency('dialect=openai-responses')).points).toEqual([])
    expect((await readLatency('account=nobody')).points).toEqual([])
    // One that came to no answer took no time to one.
    const [refused] = (await readLatency('model=no-such-model')).points
    expect(refused).toMatchObject({ firstTokenP50Ms: null, totalP50Ms: null })
  })

  it.each(['', 'range=1h', 'model=a&account=b', 'client=curl', 'model=', 'range=2h&model=a'])(
    'is not told for "%s"',
    async (query) => {
      await start({}, false)
      expect((await read(`/v2/traffic/latency?${query}`)).status).toBe(400)
    },
  )

  it('is known to be unknown where no log is kept', async () => {
    await start({ CALLS_KEEP_ROWS: '0' }, false)
    const { points, since, to } = await readLatency('dialect=openai-chat')
    expect([points, since]).toEqual([[], to])
  })
})
