/** Marked secrets enter by every door; afterwards they are looked for in every place that somebody could read. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { startPostgresSocket } from '../postgres-socket.ts'
import { send, type Answer } from '../send.ts'
import { startTinyProxy, type TinyProxy } from '../tiny-proxy.ts'

const adminPassword = 'canary-01-admin-password'
const clientKey = 'sk-canary-02-client-key'
const masterKey = '0f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddeeff0'
const GLOBAL_PROXY = 'canary-04-proxy-password'
const ACCOUNT_PROXY = 'canary-05-proxy-password'
const WRONG_KEY = 'sk-canary-06-wrong-key'
const PROMPT = 'canary-07-prompt'
const TOOL_INPUT = 'canary-08-tool-input'
const FEED = '/v2/feed'
const IN_QUERY = 'canary-09-query'
const COOKIE = 'canary-10-cookie'
const OTHER = 'canary-11-kept-for-the-operator'
const MODEL = 'sk-canary-12-pasted-as-a-model'
const PASSPHRASE = 'canary-13-passphrase'
const STORED_PASSWORD = 'canary-14-stored-password'
const GUESS = 'canary-15-guess'
const DATABASE_PASSWORD = 'canary-16-database-password'

/** What must be nowhere. The simulator marks by itself whatever it gives out. */
const MARKS = ['canary', masterKey, 'aoaSim', 'aorSim', 'sim-secret-']
/** What the gateway has made and shown once: a key, the one in its place, a token, a session. */
const handedOut = new Set<string>()
const marksIn = (text: string) => [...MARKS, ...handedOut].filter((mark) => text.includes(mark))

/** Clients and proxies between send all kinds of things. */
const ODD_HEADERS: Record<string, string> = {
  cookie: `session=${COOKIE}`,
  'x-amz-target': 'canary',
  'x-amz-security-token': 'canary',
  'x-amz-date': '20260101T000000Z',
  'x-amz-content-sha256': 'canary',
  'x-amz-user-agent': 'canary',
  'x-amzn-trace-id': 'Root=canary',
  'x-amzn-codewhisperer-optout': 'canary',
  'amz-sdk-invocation-id': 'canary',
  'amz-sdk-request': 'canary',
  // Its program is kept with the call, and nothing behind that.
  'user-agent': 'client/1.0 (canary) canary/1.0',
  referer: 'https://canary.example/',
  'accept-language': 'canary',
  'x-stainless-os': 'canary',
  'x-api-version': 'canary',
  'anthropic-beta': 'canary',
  'openai-organization': 'canary',
  traceparent: '00-canary-01',
  'x-request-id': 'canary',
  'if-none-match': 'canary',
  range: 'bytes=0-canary',
  te: 'trailers',
  pragma: 'canary',
  ...Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`x-odd-${index}`, `canary-${index}`])),
}

/** All that a request to the service may carry. */
const SENT_HEADERS = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'host',
  'user-agent',

  'amz-sdk-invocation-id',
  'amz-sdk-request',
  'x-amz-target',
  'x-amz-user-agent',
  'x-amzn-codewhisperer-optout',
  'x-amzn-codewhisperer-machine-id',
  'x-amzn-kiro-agent-mode',
])

const UPSTREAM_HEADERS = {
  server: 'canary-upstream',
  'set-cookie': 'canary=1',
  'x-amzn-requestid': '11111111-2222-4333-8444-555555555555',
  'x-amz-cf-id': 'canary',
  via: '1.1 canary',
  'x-canary': 'canary',
  'access-control-allow-origin': 'https://canary.example',
  'strict-transport-security': 'canary',
}

/** All that an answer may carry. */
const ANSWER_HEADERS = new Set([
  'content-security-policy',
  'referrer-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'permissions-policy',
  'x-frame-options',

  'cache-control',
  'connection',
  'content-disposition',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'transfer-encoding',
  'vary',

  'request-id',
  'x-request-id',
  'retry-after',
  'x-should-retry',
  'x-content-type-options',
  'allow',
  'www-authenticate',

  'x-aqueduct-model',
  'x-aqueduct-ignored',
  'x-aqueduct-repaired',
  'x-aqueduct-usage',
  'x-aqueduct-credits',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'x-accel-buffering',
  'retry-after-ms',
])

let gateway: GatewayUnderTest
let proxy: TinyProxy
const answers: Answer[] = []
/** Of requests whose own words they may repeat. */
const echoes: Answer[] = []

const operator = { authorization: `Bearer ${adminPassword}`, 'content-type': 'application/json' }
const client = { 'x-api-key': clientKey, 'content-type': 'application/json' }
let session: Record<string, string> = {}

async function call(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Answer> {
  const content = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
  return send(`${gateway.url}${path}`, { method, headers, ...content })
}
/** Of the stream that never ends, what its first second brings. */
async function noteFeed(headers: Record<string, string>, query = ''): Promise<void> {
  const answer = await fetch(`${gateway.url}${FEED}${query}`, { headers })
  const { status, body } = answer
  let text = ''
  for await (const piece of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += piece
    if (text.includes('event: snapshot')) break
  }
  answers.push({ status, headers: Object.fromEntries(answer.headers), text })
}

async function note(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Answer> {
  const answer = await call(method, path, headers, body)
  answers.push(answer)
  return answer
}

/** A database for the gateway, and all that somebody could read who gets hold of it. */
interface TestDatabase {
  environment: Record<string, string>
  read(): Promise<string>
  close(): Promise<void>
}

/** Its files are in the data folder, which is read in any case. */
async function openSqlite(): Promise<TestDatabase> {
  return { environment: {}, read: async () => '', close: async () => {} }
}

async function openPostgres(): Promise<TestDatabase> {
  const server = await PGlite.create()
  const socket = await startPostgresSocket(server)
  const names = z.array(z.object({ name: z.string() }))
  return {
    environment: { DATABASE_URL: socket.url.replace('@', `:${DATABASE_PASSWORD}@`) },
    // As a dump tells it, and the files of the server with its log, where long values may be compressed.
    async read() {
      const tables = await server.query(
        "select table_name as name from information_schema.tables where table_schema = 'public'",
      )
      const rows: unknown[] = []
      for (const { name } of names.parse(tables.rows)) {
        rows.push((await server.query(`select * from "${name}"`)).rows)
      }
      const files = await server.dumpDataDir('none')
      return JSON.stringify(rows) + Buffer.from(await files.arrayBuffer()).toString('latin1')
    },
    async close() {
      await socket.close()
      await server.close()
    },
  }
}

async function start(environment: Record<string, string>): Promise<void> {
  for (const list of [answers, echoes]) list.length = 0
  handedOut.clear()
  proxy = await startTinyProxy({ answerHeaders: UPSTREAM_HEADERS })
  gateway = await startGatewayUnderTest({
    environment: {
      ADMIN_PASSWORD: adminPassword,
      OPENAI_KEYS: clientKey,
      MASTER_KEY: masterKey,
      HTTP_PROXY: `http://operator:${GLOBAL_PROXY}@${proxy.host}`,
      ...environment,
    },
  })
  await enterAccounts()
  await signIn()
  await handOut()
  await moveAccounts()
  await talk()
  await knockEverywhere()
}

let doors = 0
/** Credentials that the simulator knows, each with its own mark. */
function marked() {
  doors += 1
  const { clientId, clientSecret, refreshToken, accessToken } = gateway.simulator.seed({
    clientSecret: `canary-client-secret-${doors}`,
    refreshToken: `aorSim-canary-refresh-${doors}-${'x'.repeat(80)}`,
    accessToken: `aoaSim-canary-access-${doors}-${'x'.repeat(40)}`,
  })
  return { clientId, clientSecret, refreshToken, accessToken }
}

const idSchema = z.looseObject({ id: z.string() })

async function enterAccounts(): Promise<void> {
  const made = await note('POST', '/v2/accounts', operator, marked())
  const { id } = idSchema.parse(JSON.parse(made.text))
  await note('POST', '/v2/accounts', operator, { ...marked(), other: { backup: { refreshToken: OTHER } } })
  await note('POST', '/v2/accounts/batch', operator, {
    accounts: [marked(), { ...marked(), clientSecret: 7 }],
  })
  await note('POST', '/v2/accounts/feed', operator, { accounts: [marked()] })
  const proxyUrl = proxy.url.replace('http://', `http://account:${ACCOUNT_PROXY}@`)
  await note('PATCH', `/v2/accounts/${id}`, operator, { proxyUrl, clientSecret: marked().clientSecret })
  await note('PATCH', `/v2/accounts/${id}`, operator, { ...marked(), proxyUrl: `ftp://a:${ACCOUNT_PROXY}@b` })
  await note('POST', `/v2/accounts/${id}/refresh`, operator)
}

/** By device authorization: approved at the first poll. */
async function signIn(): Promise<void> {
  gateway.simulator.change({ approveAtPoll: 1 })
  const begun = await note('POST', '/v2/auth/start', operator, { label: 'by device' })
  const { authId } = z.looseObject({ authId: z.string() }).parse(JSON.parse(begun.text))
  expect((await note('POST', `/v2/auth/claim/${authId}`, operator)).status).toBe(200)
}

const keySchema = z.looseObject({ id: z.string(), key: z.string() })
const tokenSchema = z.looseObject({ token: z.string() })

/** What the gateway shows once. Used, so that it has every reason to be somewhere. */
async function handOut(): Promise<void> {
  const make = async (path: string, body?: unknown) =>
    JSON.parse((await call('POST', path, operator, body)).text)
  const first = keySchema.parse(await make('/v2/keys', { name: 'laptop' }))
  const second = keySchema.parse(await make(`/v2/keys/${first.id}/rotate`, { grace_seconds: 600 }))
  const { token } = tokenSchema.parse(await make('/v2/tokens', { name: 'ci', scope: 'full' }))
  const signedIn = await call('POST', '/v2/session', operator, { password: adminPassword })
  const cookie = /^[^;]+/.exec(String(signedIn.headers['set-cookie']))?.[0] ?? ''
  expect(cookie).toMatch(/^aqueduct_session=./)
  for (const secret of [first.key, second.key, token, cookie.slice('aqueduct_session='.length)]) {
    handedOut.add(secret.slice(8))
  }
  // Guesses make whoever sends the password itself wait, but not a session.
  session = {
    cookie,
    'x-aqueduct-csrf': '1',
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/json',
  }
  for (const key of [first.key, second.key]) {
    echoes.push(
      await call(
        'POST',
        '/v1/messages',
        { ...client, 'x-api-key': key },
        { ...chatOf('Hello'), max_tokens: 9 },
      ),
    )
  }
  const asScript = { authorization: `Bearer ${token}` }
  for (const path of ['/v2/tokens', '/v2/keys', `/v2/keys/${first.id}`, '/v2/session']) {
    expect((await note('GET', path, asScript)).status).toBe(200)
  }
  await note('PATCH', `/v2/keys/${first.id}`, session, { name: 'desk' })
  await note('POST', '/v2/password', session, { password: STORED_PASSWORD, current_password: adminPassword })
  await note('POST', '/v2/password', session, { password: STORED_PASSWORD, current_password: GUESS })
  await note('POST', '/v2/session', { 'content-type': 'application/json' }, { password: GUESS })
  await note('POST', '/v2/secrets/rotate', session, { what: 'data' })
  await note('POST', '/v2/secrets/rotate', session, { what: 'master' })
}

/** Out and in again. */
async function moveAccounts(): Promise<void> {
  const wishes = { include_secrets: true, passphrase: PASSPHRASE, password: adminPassword }
  const locked = await note('POST', '/v2/accounts/export', session, wishes)
  expect(locked.status).toBe(200)
  await note('POST', '/v2/accounts/export', session, { ...wishes, password: GUESS })
  await note('POST', '/v2/accounts/export', session, {})
  await note('POST', '/v2/accounts/export', session, { format: 'csv' })
  const open = {
    format: 'aqueduct-accounts',
    version: 1,
    accounts: [marked(), { clientId: 7, note: OTHER }],
  }
  for (const body of [
    { export: JSON.parse(locked.text), passphrase: PASSPHRASE },
    { export: JSON.parse(locked.text), passphrase: `${PASSPHRASE}.` },
    { export: open },
  ]) {
    await note('POST', '/v2/accounts/import', session, body)
  }
}

const chatOf = (content: string, more: object = {}) => ({
  model: 'claude-sonnet-4.5',
  messages: [{ role: 'user', content: `${content} ${PROMPT}` }],
  ...more,
})
const tool = { type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } }

async function talk(): Promise<void> {
  // All of it is recorded, as an operator may wish for a while.
  expect((await call('PUT', '/v2/captures/rules/all', session, {})).status).toBe(200)
  // First, as after the faults the model rests.
  const toolCall = {
    id: 'c1',
    type: 'function',
    function: { name: 'look', arguments: `{"a":"${TOOL_INPUT}"}` },
  }
  const messages = [
    { role: 'user', content: PROMPT },
    { role: 'assistant', tool_calls: [toolCall] },
    { role: 'tool', tool_call_id: 'c1', content: TOOL_INPUT },
  ]
  echoes.push(await call('POST', '/v1/chat/completions', client, { ...chatOf(''), messages, tools: [tool] }))
  const faults = [
    'exception-mid-stream',
    'html-502',
    'throttled',
    'bad-tool-json',
    'invalid-model',
    'content-blocked',
  ]
  for (const content of ['Hello', ...faults.map((fault) => `[[sim:${fault}]]`)]) {
    for (const stream of [false, true]) {
      const asked = { ...client, ...ODD_HEADERS }
      echoes.push(await call('POST', '/v1/chat/completions', asked, chatOf(content, { stream })))
    }
  }
  echoes.push(
    await call('POST', '/v1/messages', client, { ...chatOf('Hello'), max_tokens: 100, thinking: PROMPT }),
  )
  echoes.push(await call('POST', '/v1/chat/completions', client, { ...chatOf('Hello'), model: MODEL }))
  echoes.push(await call('GET', `/v1/models/${MODEL}`, client))
}

const documented = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })

/** Every route there is: as its caller, as nobody, with a wrong key, with a body that is none and one that is wrong. */
async function knockEverywhere(): Promise<void> {
  const { paths } = documented.parse(JSON.parse((await note('GET', '/openapi.json', {})).text))
  const accounts = z
    .object({ accounts: z.array(idSchema) })
    .parse(JSON.parse((await note('GET', '/v2/accounts', session)).text))
  const id = accounts.accounts[0]?.id ?? ''
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{[^}]+\}/, id),
    })),
  )
  await noteFeed(session)
  await noteFeed(ODD_HEADERS, `?key=${IN_QUERY}`)
  const wrong = {
    clientSecret: 7,
    refreshToken: ['canary'],
    model: 7,
    messages: 'canary',
    accounts: 'canary',
  }
  for (const { method, path } of routes.filter((route) => route.method !== 'DELETE' && route.path !== FEED)) {
    const own: Record<string, string> = path.startsWith('/v2/') ? session : client
    const bodies = method === 'GET' ? [undefined] : [wrong, '{"refreshToken": "canary']
    for (const body of bodies) {
      const cookies = [own['cookie'], `other=${COOKIE}`].filter((each) => each !== undefined)
      await note(method, path, { ...own, cookie: cookies.join('; ') }, body)
      await note(
        method,
        `${path}?key=${IN_QUERY}`,
        { 'content-type': 'application/json', ...ODD_HEADERS },
        body,
      )
      await note(
        method,
        path,
        { authorization: `Bearer ${WRONG_KEY}`, 'content-type': 'application/json' },
        body,
      )
    }
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesIn(path) : [path]
  })
}

const readAll = (paths: readonly string[]) => paths.map((path) => readFileSync(path, 'latin1')).join('\n')

describe.each([
  { engine: 'SQLite', open: openSqlite },
  { engine: 'PostgreSQL', open: openPostgres },
])('marked secrets over $engine', ({ engine, open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
    await start(database.environment)
  }, 120_000)
  afterAll(async () => {
    await gateway.close()
    await proxy.close()
    await database.close()
  })

  it('came in, and worked', () => {
    expect(proxy.calls.some(({ authorization }) => authorization?.startsWith('Basic ') === true)).toBe(true)
    expect(echoes.filter(({ status }) => status === 200).length).toBeGreaterThan(2)
    expect(echoes.some(({ text }) => text.includes(PROMPT))).toBe(true)
    const { length } = answers.filter(({ status }) => status === 200)
    expect(length).toBeGreaterThan(15)
  })

  it('S20: are in no body that was recorded, but for what was said itself', async () => {
    const kept = z.looseObject({ kept: z.object({ callIds: z.array(z.string()) }) })
    const { callIds } = kept.parse(JSON.parse((await call('GET', '/v2/captures', session)).text)).kept
    const recorded: string[] = []
    for (const id of callIds) recorded.push((await call('GET', `/v2/calls/${id}/bodies`, session)).text)
    const all = recorded.join('\n')
    expect(recorded.length).toBeGreaterThan(10)
    expect(all).toContain(PROMPT)
    const credentials = [clientKey, WRONG_KEY, MODEL, adminPassword, masterKey, COOKIE, 'aoaSim', 'aorSim']
    expect([...credentials, ...handedOut].filter((mark) => all.includes(mark))).toEqual([])
  })

  it('S20: are in no answer, of whatever route, nor in its headers', () => {
    const leaking = answers.filter(({ text, headers }) => marksIn(text + JSON.stringify(headers)).length > 0)
    expect(leaking.map(({ status, text }) => [status, text])).toEqual([])
  })

  it('S20: are in the answers that repeat a request only as far as it had them itself', () => {
    const said = [PROMPT, TOOL_INPUT, MODEL]
    const rest = echoes.map(({ text }) => said.reduce((left, words) => left.replaceAll(words, ''), text))
    expect(rest.flatMap(marksIn)).toEqual([])
  })

  it('S20: are in no line of the log, at its most talkative', () => {
    expect(gateway.log.length).toBeGreaterThan(50)
    expect(gateway.log.filter((line) => marksIn(line).length > 0)).toEqual([])
  })

  it('S20: are in no byte of the data folder and of the database', async () => {
    const whileRunning = filesIn(gateway.dataDirectory)
    expect(whileRunning.some((path) => path.endsWith('-wal'))).toBe(engine === 'SQLite')
    const everything = readAll(whileRunning) + (await database.read())
    // What may be there is.
    expect(everything).toContain('by device')
    expect(marksIn(everything)).toEqual([])
    await gateway.restart()
    expect(marksIn(readAll(filesIn(gateway.dataDirectory)) + (await database.read()))).toEqual([])
  }, 60_000)

  it('S44: headers of clients never reach the service', () => {
    const sent = gateway.simulator.journal.entries().flatMap(({ headers }) => Object.entries(headers))
    expect(sent.length).toBeGreaterThan(50)
    expect([...new Set(sent.map(([name]) => name))].filter((name) => !SENT_HEADERS.has(name))).toEqual([])
    expect(sent.filter(([name, value]) => name !== 'authorization' && value.includes('canary'))).toEqual([])
  })

  it('S44: headers of the service never reach clients, and all that are sent are plain text', () => {
    const got = [...answers, ...echoes].flatMap(({ headers }) => Object.entries(headers))
    const names = new Set(got.map(([name]) => name))
    expect([...names].filter((name) => !ANSWER_HEADERS.has(name))).toEqual([])
    expect(got.filter(([, value]) => !/^[\x20-\x7E]*$/.test(String(value)))).toEqual([])
  })
})
