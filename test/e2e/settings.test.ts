/** Settings of the console: they hold without a restart, in every process, and never keep a gateway from starting. */
import BetterSqlite3 from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const settingsAnswer = z.looseObject({
  revision: z.number(),
  settings: z.array(
    z.looseObject({
      name: z.string(),
      value: z.string().nullable(),
      source: z.string(),
      lockedBy: z.string().nullable(),
      pending: z.looseObject({ value: z.string().nullable() }).nullable(),
      problem: z.string().nullable(),
    }),
  ),
  unknown: z.array(z.looseObject({ name: z.string() })),
})
const openaiError = z.looseObject({
  error: z.looseObject({ message: z.string(), param: z.string().nullable(), code: z.string().nullable() }),
})
const eventList = z.looseObject({
  events: z.array(
    z.looseObject({
      kind: z.string(),
      actor: z.looseObject({ kind: z.string(), via: z.string().nullable() }),
      subject: z.looseObject({ id: z.string() }).nullable(),
      before: z.looseObject({}).nullable(),
      after: z.looseObject({}).nullable(),
    }),
  ),
})

type Changes = Record<string, string | null>

async function read(gateway: GatewayUnderTest) {
  return settingsAnswer.parse(await (await gateway.fetch('/v2/settings')).json())
}

async function find(gateway: GatewayUnderTest, name: string) {
  return (await read(gateway)).settings.find((each) => each.name === name)
}

async function patch(gateway: GatewayUnderTest, revision: number, settings: Changes): Promise<Response> {
  return gateway.fetch('/v2/settings', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ revision, settings }),
  })
}

async function change(gateway: GatewayUnderTest, settings: Changes): Promise<void> {
  const { revision } = await read(gateway)
  const answer = await patch(gateway, revision, settings)
  if (answer.status !== 200) throw new Error(`refused: ${await answer.text()}`)
}

const chatOf = (model: string, more: object = {}) => ({
  model,
  messages: [{ role: 'user', content: 'hi' }],
  ...more,
})
/** The prompt chooses how the simulator answers. */
const saying = (content: string) => ({ messages: [{ role: 'user', content }] })
const ask = (gateway: GatewayUnderTest, model = 'claude-sonnet-4.5', more: object = {}) =>
  gateway.postJson('/v1/chat/completions', chatOf(model, more))

/** Through which accounts the last requests went. */
const accountsAsked = (gateway: GatewayUnderTest, count: number) =>
  gateway.simulator.journal
    .of('GenerateAssistantResponse')
    .slice(-count)
    .map(({ headers }) => String(headers['authorization']))

describe('a change without a restart', () => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { BREAKER_FAILURES: '7' } })
    await gateway.addAccount()
  })
  afterAll(() => gateway.close())

  it('of the strategy holds for the next request', async () => {
    await change(gateway, { ACCOUNT_STRATEGY: 'round-robin', STICKY_SESSIONS: 'false' })
    for (let count = 0; count < 6; count += 1) expect((await ask(gateway)).status).toBe(200)
    const [first, second, ...rest] = accountsAsked(gateway, 6)
    expect(first).not.toBe(second)
    expect(rest).toEqual([first, second, first, second])
  })

  it('of a model’s name holds for the next request, and its end too', async () => {
    expect((await ask(gateway, 'my-own-name')).status).toBe(404)
    await change(gateway, { MODEL_ALIASES: 'my-own-name=claude-haiku-4.5' })
    const answer = await ask(gateway, 'my-own-name')
    expect([answer.status, answer.headers.get('x-aqueduct-model')]).toEqual([200, 'claude-haiku-4.5'])
    await change(gateway, { MODEL_ALIASES: null })
    expect((await ask(gateway, 'my-own-name')).status).toBe(404)
  })

  it('of the largest request holds for the next one', async () => {
    const large = { user: 'x'.repeat(20_000) }
    expect((await ask(gateway, undefined, large)).status).toBe(200)
    await change(gateway, { MAX_BODY_MEGABYTES: '0.01' })
    expect((await ask(gateway, undefined, large)).status).toBe(413)
    await change(gateway, { MAX_BODY_MEGABYTES: null })
    expect((await ask(gateway, undefined, large)).status).toBe(200)
  })

  it('of the log’s level holds for the next line', async () => {
    const countLines = () => gateway.log.length
    // The environment says `trace` here, which goes before.
    expect((await find(gateway, 'LOG_LEVEL'))?.lockedBy).toBe('environment')
    const before = countLines()
    await ask(gateway)
    expect(countLines()).toBeGreaterThan(before)
  })

  it('of web pages holds for the next request', async () => {
    const allowed = async () => {
      const answer = await gateway.fetch('/v1/models', { headers: { origin: 'https://chat.example' } })
      return answer.headers.get('access-control-allow-origin')
    }
    expect(await allowed()).toBeNull()
    await change(gateway, { CORS_ORIGINS: 'https://chat.example' })
    expect(await allowed()).toBe('https://chat.example')
    await change(gateway, { CORS_ORIGINS: null })
    expect(await allowed()).toBeNull()
  })

  it('of a time limit holds for the next answer', async () => {
    await change(gateway, { FIRST_EVENT_TIMEOUT_SECONDS: '0.05', RETRY_BUDGET_PER_SECOND: '0' })
    const late = saying('[[sim:first-byte-delay:400]]')
    expect((await ask(gateway, undefined, late)).status).toBe(504)
    await change(gateway, { FIRST_EVENT_TIMEOUT_SECONDS: null, RETRY_BUDGET_PER_SECOND: null })
    expect((await ask(gateway, undefined, late)).status).toBe(200)
  })

  it('is recorded with the value before and after, and by whom', async () => {
    await change(gateway, { MAX_ERROR_COUNT: '42' })
    const list = await gateway.fetch('/v2/events?kind=setting-changed&limit=1')
    const [last] = eventList.parse(await list.json()).events
    expect(last).toMatchObject({
      actor: { kind: 'operator', via: 'local' },
      subject: { id: 'MAX_ERROR_COUNT' },
      before: { value: null },
      after: { value: '42' },
    })
  })

  it('to a revision that is not the newest is refused with 409, and nothing of it is kept', async () => {
    const { revision } = await read(gateway)
    const answer = await patch(gateway, revision - 1, { BREAKER_ACCOUNTS: '9' })
    expect(answer.status).toBe(409)
    expect(openaiError.parse(await answer.json()).error.code).toBe('settings_changed')
    expect((await find(gateway, 'BREAKER_ACCOUNTS'))?.value).toBe('3')
  })

  it('with something wrong in it is refused whole, and says what', async () => {
    const { revision } = await read(gateway)
    for (const wrong of [
      { MAX_SESSIONS: '0' },
      { BREAKER_FAILURES: '9' },
      { HTTP_PROXY: 'http://127.0.0.1:9' },
    ]) {
      const answer = await patch(gateway, revision, { BREAKER_ACCOUNTS: '9', ...wrong })
      expect(answer.status).toBe(400)
      expect(openaiError.parse(await answer.json()).error.param).toBe(Object.keys(wrong)[0])
    }
    expect((await find(gateway, 'BREAKER_ACCOUNTS'))?.value).toBe('3')
  })
})

describe('limits that are set while the gateway runs', () => {
  it('switch an account off after so many failures', async () => {
    const gateway = await startGatewayUnderTest()
    try {
      await change(gateway, { MAX_ERROR_COUNT: '1', RETRY_BUDGET_PERCENT: '0', RETRY_BUDGET_PER_SECOND: '0' })
      const account = async () => {
        const answer = await gateway.fetch(`/v2/accounts/${gateway.accountId}`)
        return z.looseObject({ enabled: z.boolean(), error_count: z.number() }).parse(await answer.json())
      }
      expect(await account()).toMatchObject({ enabled: true, error_count: 0 })
      await ask(gateway, undefined, saying('[[sim:html-502]]'))
      expect(await account()).toMatchObject({ enabled: false, error_count: 1 })
    } finally {
      await gateway.close()
    }
  })

  it('refuse more requests at once, and let them in again', async () => {
    const gateway = await startGatewayUnderTest()
    try {
      await change(gateway, { MAX_CONCURRENT_REQUESTS: '1' })
      const leaving = new AbortController()
      await gateway.fetch('/v1/chat/completions', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(chatOf('claude-sonnet-4.5', { ...saying('[[sim:stall]]'), stream: true })),
        signal: leaving.signal,
      })
      expect((await ask(gateway)).status).toBe(503)
      await change(gateway, { MAX_CONCURRENT_REQUESTS: null })
      expect((await ask(gateway)).status).toBe(200)
      leaving.abort()
    } finally {
      await gateway.close()
    }
  })

  it('of the log are heeded by the next line', async () => {
    const gateway = await startGatewayUnderTest({ environment: { LOG_LEVEL: '' } })
    try {
      const requestLines = () => gateway.log.filter((line) => line.includes('"msg":"request"')).length
      await change(gateway, { LOG_LEVEL: 'error' })
      const before = requestLines()
      await ask(gateway)
      expect(requestLines()).toBe(before)
      await change(gateway, { LOG_LEVEL: 'info' })
      await ask(gateway)
      expect(requestLines()).toBeGreaterThan(before)
    } finally {
      await gateway.close()
    }
  })
})

describe('a gateway that starts', () => {
  it('has what was set before, ignores what is not valid, and says so', async () => {
    const gateway = await startGatewayUnderTest()
    try {
      await change(gateway, { MAX_SESSIONS: '77', CONNECT_TIMEOUT_SECONDS: '3' })
      expect((await find(gateway, 'CONNECT_TIMEOUT_SECONDS'))?.pending).toEqual({ value: '3' })
      await gateway.stop()
      const database = new BetterSqlite3(`${gateway.dataDirectory}/data.sqlite3`)
      const insert = database.prepare('insert into console_settings (name, value) values (?, ?)')
      insert.run('MAX_ERROR_COUNT', 'plenty')
      insert.run('OF_ANOTHER_VERSION', '1')
      insert.run('OIDC_ENDPOINT', 'https://evil.example')
      database.close()
      await gateway.restart()
      expect(await find(gateway, 'MAX_SESSIONS')).toMatchObject({ value: '77', source: 'console' })
      expect(await find(gateway, 'CONNECT_TIMEOUT_SECONDS')).toMatchObject({ value: '3', pending: null })
      const misfit = await find(gateway, 'MAX_ERROR_COUNT')
      expect(misfit).toMatchObject({ value: '100', source: 'default' })
      expect(misfit?.problem).toContain('must be a number')
      expect((await find(gateway, 'OIDC_ENDPOINT'))?.value).toBe(gateway.simulator.url)
      expect((await read(gateway)).unknown.map(({ name }) => name)).toEqual(['OF_ANOTHER_VERSION'])
      const warned = gateway.log.filter((line) => line.includes('a setting of the console does not count'))
      expect(warned).toHaveLength(3)
      expect((await ask(gateway)).status).toBe(200)
    } finally {
      await gateway.close()
    }
  })
})

describe('two processes on one database', () => {
  it('both hold what one of them is told', async () => {
    const first = await startGatewayUnderTest()
    const url = `sqlite:${first.dataDirectory}/data.sqlite3`
    const keyFile = `${first.dataDirectory}/master.key`
    const second = await startGatewayUnderTest({
      environment: { DATABASE_URL: url, MASTER_KEY_FILE: keyFile, MAX_SESSIONS: '55' },
      withAccount: false,
    })
    try {
      await change(first, { MODEL_ALIASES: 'mine=claude-haiku-4.5', MAX_SESSIONS: '66' })
      const lastMoment = performance.now() + 10_000
      while (!second.log.some((line) => line.includes('MAX_SESSIONS'))) {
        if (performance.now() > lastMoment) throw new Error('The other process was never told.')
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      const models = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) })
      const listed = models.parse(await (await second.fetch('/v1/models')).json())
      expect(listed.data.map(({ id }) => id)).toContain('mine')
      // Its environment goes before.
      expect(await find(second, 'MAX_SESSIONS')).toMatchObject({ value: '55', source: 'environment' })
      expect(await find(first, 'MAX_SESSIONS')).toMatchObject({ value: '66', source: 'console' })
    } finally {
      await second.close()
      await first.close()
    }
  })
})
