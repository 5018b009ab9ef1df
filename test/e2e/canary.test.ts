/** Marked secrets enter by every door; afterwards they are looked for in every place that somebody could read. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
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
const IN_QUERY = 'canary-09-query'
const COOKIE = 'canary-10-cookie'
const OTHER = 'canary-11-kept-for-the-operator'
const MODEL = 'sk-canary-12-pasted-as-a-model'

/** What must be nowhere. The simulator marks by itself whatever it gives out. */
const MARKS = ['canary', masterKey, 'aoaSim', 'aorSim', 'sim-secret-']
const marksIn = (text: string) => MARKS.filter((mark) => text.includes(mark))

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

async function call(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Answer> {
  const content = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
  return send(`${gateway.url}${path}`, { method, headers, ...content })
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

beforeAll(async () => {
  proxy = await startTinyProxy({ answerHeaders: UPSTREAM_HEADERS })
  gateway = await startGatewayUnderTest({
    environment: {
      ADMIN_PASSWORD: adminPassword,
      OPENAI_KEYS: clientKey,
      MASTER_KEY: masterKey,
      HTTP_PROXY: `http://operator:${GLOBAL_PROXY}@${proxy.host}`,
    },
  })
  await enterAccounts()
  await signIn()
  await talk()
  await knockEverywhere()
}, 60_000)
afterAll(async () => {
  await gateway.close()
  await proxy.close()
})

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

const chatOf = (content: string, more: object = {}) => ({
  model: 'claude-sonnet-4.5',
  messages: [{ role: 'user', content: `${content} ${PROMPT}` }],
  ...more,
})
const tool = { type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } }

async function talk(): Promise<void> {
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
    .parse(JSON.parse((await note('GET', '/v2/accounts', operator)).text))
  const id = accounts.accounts[0]?.id ?? ''
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{[^}]+\}/, id),
    })),
  )
  const wrong = {
    clientSecret: 7,
    refreshToken: ['canary'],
    model: 7,
    messages: 'canary',
    accounts: 'canary',
  }
  for (const { method, path } of routes.filter((route) => route.method !== 'DELETE')) {
    const own = path.startsWith('/v2/') ? operator : client
    const bodies = method === 'GET' ? [undefined] : [wrong, '{"refreshToken": "canary']
    for (const body of bodies) {
      await note(method, path, { ...own, cookie: COOKIE }, body)
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

describe('marked secrets', () => {
  it('came in, and worked', () => {
    expect(proxy.calls.some(({ authorization }) => authorization?.startsWith('Basic ') === true)).toBe(true)
    expect(echoes.filter(({ status }) => status === 200).length).toBeGreaterThan(2)
    expect(echoes.some(({ text }) => text.includes(PROMPT))).toBe(true)
    const { length } = answers.filter(({ status }) => status === 200)
    expect(length).toBeGreaterThan(15)
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

  it('S20: are in no byte of the data folder', async () => {
    const whileRunning = filesIn(gateway.dataDirectory)
    expect(whileRunning.some((path) => path.endsWith('-wal'))).toBe(true)
    expect(marksIn(readAll(whileRunning))).toEqual([])
    await gateway.restart()
    expect(marksIn(readAll(filesIn(gateway.dataDirectory)))).toEqual([])
  })

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
