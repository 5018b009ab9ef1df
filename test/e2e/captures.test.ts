/** What is said in calls is kept while an operator wants that, bounded and sealed, and never else. */
import BetterSqlite3 from 'better-sqlite3'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { text } from '../../simulator/replies/events.ts'
import { refusals } from '../../simulator/replies/refusals.ts'
import { cut, stall } from '../../simulator/replies/steps.ts'
import { readConfig } from '../../src/config.ts'
import { startGateway } from '../../src/gateway.ts'
import { createLogger } from '../../src/program/create-logger.ts'
import { MOST_OF_BODY } from '../../src/captures/captured-body.ts'
import { capturedBodiesAnswer, capturesAnswer } from '../../src/http/admin/capture-contract.ts'
import { createFakeClock } from '../fake-clock.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { ANTHROPIC, OPENAI, questionFor } from '../read-answer.ts'

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
const PATIENCE_MS = 15_000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const RESPONSES = '/v1/responses'
const password = 'correct horse battery'
const key = 'a-client-key-of-the-environment-1234'
const otherKey = 'another-key-of-the-environment-12345'
const asOperator = { authorization: `Bearer ${password}` }
const asClient = { authorization: `Bearer ${key}` }

let gateway: GatewayUnderTest
afterEach(() => gateway.close())
const start = async (
  wishes: { environment?: Record<string, string>; clock?: ReturnType<typeof createFakeClock> } = {},
) => {
  gateway = await startGatewayUnderTest({
    ...wishes,
    environment: {
      ADMIN_PASSWORD: password,
      OPENAI_KEYS: `${key},${otherKey}`,
      RETRY_BUDGET_PERCENT: '0',
      RETRY_BUDGET_PER_SECOND: '0',
      ...wishes.environment,
    },
  })
}

const operate = (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = asOperator,
) =>
  gateway.fetch(path, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
const switchOn = async (scope: string, body: unknown = {}) => {
  const answer = await operate('PUT', `/v2/captures/rules/${scope}`, body)
  expect(answer.status).toBe(200)
  return capturesAnswer.parse(await answer.json())
}
const readState = async () => capturesAnswer.parse(await (await operate('GET', '/v2/captures')).json())
const readBodies = async (id: string) => {
  const answer = await operate('GET', `/v2/calls/${id}/bodies`)
  expect(answer.status).toBe(200)
  return capturedBodiesAnswer.parse(await answer.json())
}
const statusOf = async (id: string) => (await operate('GET', `/v2/calls/${id}/bodies`)).status
const eventsOf = async (kind: string) => {
  const list = z.looseObject({ events: z.array(z.looseObject({ actor: z.unknown(), subject: z.unknown() })) })
  return list.parse(await (await operate('GET', `/v2/events?kind=${kind}`)).json()).events
}

async function eventually<Found>(
  find: () => Promise<Found>,
  isSo: (found: Found) => boolean,
): Promise<Found> {
  const lastMoment = performance.now() + PATIENCE_MS
  for (;;) {
    const found = await find()
    if (isSo(found) || performance.now() > lastMoment) return found
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
/** A call ends when its connection tells, which may be a moment after its client has read it all. */
const callsKept = (count: number) => eventually(readState, ({ kept }) => kept.calls >= count)

async function ask(path: string, body: unknown, headers: Record<string, string> = asClient) {
  const answer = await gateway.postJson(path, body, headers)
  return { id: answer.headers.get('x-request-id') ?? '', status: answer.status, text: await answer.text() }
}
const questionOf = (path: string, stream: boolean, prompt?: string) =>
  path === RESPONSES
    ? { model: 'claude-sonnet-4.5', input: prompt ?? 'hi', stream, store: false }
    : questionFor(path, stream, prompt)
const forms = [OPENAI, ANTHROPIC, RESPONSES].flatMap((path) =>
  [true, false].map((stream) => ({ path, stream })),
)

describe('the bodies of a call', () => {
  it.each(forms)('are kept as they were sent: $path, streamed: $stream', async ({ path, stream }) => {
    await start()
    const before = await ask(path, questionOf(path, stream))
    await switchOn('all')
    const question = questionOf(path, stream)
    const { id, text: answered } = await ask(path, question)
    await callsKept(1)
    const nothing = { secrets: 0, fields: 0, media: 0 }
    const { request, answer, ...rest } = await readBodies(id)
    expect(rest).toMatchObject({ id, path })
    expect(JSON.parse(request?.text ?? '')).toEqual(question)
    expect(request).toMatchObject({ form: 'json', bytes: JSON.stringify(question).length, isCut: false })
    expect(answer).toEqual({
      form: stream ? 'stream' : 'json',
      text: answered,
      bytes: Buffer.byteLength(answered),
      isCut: false,
      hidden: nothing,
    })
    // What was said before is nowhere.
    const none = await operate('GET', `/v2/calls/${before.id}/bodies`)
    expect(none.status).toBe(404)
    expect(await none.json()).toMatchObject({
      error: { code: 'bodies_not_kept' },
    })
  })

  it('are not kept of anything while nobody has switched that on', async () => {
    await start()
    for (const { path, stream } of forms) await ask(path, questionOf(path, stream))
    expect(await readState()).toMatchObject({ keepHours: 24, rules: [], kept: { calls: 0, bytes: 0 } })
  })

  it('are cut at 64 kB, within no character, of a prompt of a megabyte', async () => {
    await start()
    await switchOn('all')
    const prompt = 'é😀'.repeat(180_000)
    const { id } = await ask(OPENAI, questionFor(OPENAI, true, prompt))
    await callsKept(1)
    const { request } = await readBodies(id)
    const kept = request?.text ?? ''
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(MOST_OF_BODY)
    expect(Buffer.byteLength(kept)).toBeGreaterThan(MOST_OF_BODY - 100)
    expect(kept).not.toContain('\uFFFD')
    expect(request).toMatchObject({ isCut: true, form: 'json' })
    expect(request?.bytes).toBeGreaterThan(1_000_000)
    expect(JSON.parse(kept)).toMatchObject({ model: 'claude-sonnet-4.5', stream: true })
  })

  it('have neither credentials nor pictures', async () => {
    await start()
    await switchOn('all')
    const picture = randomBytes(90_000).toString('base64')
    const { id } = await ask(ANTHROPIC, {
      model: 'claude-sonnet-4.5',
      max_tokens: 100,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: picture } },
            {
              type: 'text',
              text: 'My key is sk-canary-0123456789 and {"password": "x", "password":"canary"}',
            },
          ],
        },
      ],
      mcp_servers: [{ authorization_token: 'canary-token', headers: { 'X-Anything': 'canary-header' } }],
      metadata: { apiKey: 'canary-of-a-field' },
    })
    await callsKept(1)
    const { request } = await readBodies(id)
    expect(request?.text).not.toMatch(/canary/)
    expect(request?.text).not.toContain(picture.slice(0, 40))
    expect(request?.text).toContain(`[image/png, ${picture.length} characters, left out]`)
    expect(request).toMatchObject({ isCut: false, hidden: { fields: 3, media: 1 } })
    expect(request?.hidden.secrets).toBeGreaterThanOrEqual(2)
  })

  it.each([true, false])(
    'have no credentials where the answer repeats its request, streamed: %s',
    async (stream) => {
      await start()
      await switchOn('all')
      const { id, text: answered } = await ask(RESPONSES, {
        ...questionOf(RESPONSES, stream),
        tools: [
          {
            type: 'mcp',
            server_label: 'files',
            server_url: 'https://files.example.com',
            authorization: 'canary-token',
            headers: { 'X-Anything': 'canary-header' },
          },
        ],
        metadata: { apiKey: 'canary-of-a-field' },
      })
      expect(answered).toContain('canary-header')
      await callsKept(1)
      const { answer } = await readBodies(id)
      expect(answer?.text).toContain('files.example.com')
      expect(answer?.text).not.toContain('canary')
      expect(answer?.hidden).toMatchObject({ secrets: 0, media: 0 })
      expect(answer?.hidden.fields).toBeGreaterThanOrEqual(3)
    },
  )

  it('have no secret that an answer told in pieces', async () => {
    await start()
    await switchOn('all')
    const steps = ['It is sk-', 'can', 'ary-012', '3456789', ' they say.'].map((piece) => text(piece))
    for (const [index, path] of [OPENAI, ANTHROPIC, RESPONSES].entries()) {
      gateway.simulator.plan({ times: 1, behaviour: { kind: 'steps', steps } })
      const { id, text: answered } = await ask(path, questionOf(path, true))
      expect(answered).toContain('ary-012')
      await callsKept(index + 1)
      const { answer } = await readBodies(id)
      expect(answer?.text).not.toMatch(/ary-012|3456789/)
      expect(answer?.text).toContain('[redacted]')
      expect(answer?.hidden.secrets).toBeGreaterThan(0)
    }
  })

  it('are kept of what fails, and of that alone with the scope errors', async () => {
    await start()
    await switchOn('errors')
    await ask(OPENAI, questionFor(OPENAI, true))
    gateway.simulator.plan({ times: 5, behaviour: { kind: 'refusal', refusal: refusals.throttled } })
    const refused = await ask(OPENAI, questionFor(OPENAI, false))
    expect(refused.status).toBe(429)
    const noJson = await gateway.fetch(OPENAI, {
      method: 'POST',
      body: '{"a": sk-canary-0123456789',
      headers: asClient,
    })
    expect(noJson.status).toBe(400)
    // Nobody without a key fills what is kept.
    expect(
      (await ask(OPENAI, questionFor(OPENAI, true), { authorization: 'Bearer sk-wrong-key' })).status,
    ).toBe(401)
    const { rules, kept } = await callsKept(2)
    expect([rules[0]?.captured, kept.calls]).toEqual([2, 2])
    const { answer } = await readBodies(refused.id)
    expect(answer).toMatchObject({ form: 'json', text: refused.text })
    const { request } = await readBodies(noJson.headers.get('x-request-id') ?? '')
    expect(request).toMatchObject({ form: 'text', text: '{"a": [redacted]', hidden: { secrets: 1 } })
  })

  it('are kept of streams that break off, and of clients that leave', async () => {
    await start()
    await switchOn('all')
    gateway.simulator.plan({ times: 5, behaviour: { kind: 'steps', steps: [text('begun '), cut()] } })
    const broken = await ask(OPENAI, questionFor(OPENAI, true))
    await callsKept(1)
    expect((await readBodies(broken.id)).answer).toMatchObject({ form: 'stream', text: broken.text })

    await gateway.resetAccount()
    gateway.simulator.plan({ times: 1, behaviour: { kind: 'steps', steps: [text('left '), stall()] } })
    const leaving = new AbortController()
    const body = JSON.stringify(questionFor(ANTHROPIC, true))
    const headers = { 'content-type': 'application/json', ...asClient }
    const answer = await gateway.fetch(ANTHROPIC, { method: 'POST', body, headers, signal: leaving.signal })
    await answer.body?.getReader().read()
    leaving.abort()
    await callsKept(2)
    const left = await readBodies(answer.headers.get('x-request-id') ?? '')
    expect(left.answer?.text).toContain('message_start')
    expect(JSON.parse(left.request?.text ?? '')).toMatchObject({ stream: true })
  })

  it('are kept of one key alone', async () => {
    await start()
    for (const body of [{}, { keyId: 'nobody' }]) {
      expect((await operate('PUT', '/v2/captures/rules/key', body)).status).toBeGreaterThanOrEqual(400)
    }
    await switchOn('key', { keyId: 'env-2' })
    const other = await ask(OPENAI, questionFor(OPENAI, true))
    const own = await ask(OPENAI, questionFor(OPENAI, true), { authorization: `Bearer ${otherKey}` })
    const { kept } = await callsKept(1)
    expect(kept.callIds).toEqual([own.id])
    expect(await statusOf(other.id)).toBe(404)
  })
})

describe('recording', () => {
  it('ends by itself, and what was kept expires', async () => {
    const clock = createFakeClock(Date.now())
    await start({ clock })
    const pass = async (ms: number) => {
      clock.advance(ms)
      for (let turns = 0; turns < 20; turns += 1) await settle()
    }
    const { rules } = await switchOn('all', { minutes: 20 })
    expect(Date.parse(rules[0]?.endsAt ?? '') - clock.now()).toBe(20 * MINUTE_MS)
    await pass(20 * MINUTE_MS - 1)
    const { id } = await ask(OPENAI, questionFor(OPENAI, false))
    await callsKept(1)
    await pass(1)
    const late = await ask(OPENAI, questionFor(OPENAI, false))
    expect((await readState()).rules).toEqual([])
    expect([await statusOf(id), await statusOf(late.id)]).toEqual([200, 404])
    await pass(2 * MINUTE_MS)
    const ended = await eventually(
      () => eventsOf('capture-stopped'),
      (found) => found.length > 0,
    )
    expect(ended).toMatchObject([{ actor: { kind: 'gateway' }, after: { captured: 1, dropped: 0 } }])
    await pass(24 * HOUR_MS)
    expect(await statusOf(id)).toBe(404)
    await pass(2 * MINUTE_MS)
    await eventually(
      async () => readRows(),
      (rows) => rows.length === 0,
    )
    expect(readRows()).toEqual([])
  })

  it('goes on after a restart, with what was kept, and is told to who watches', async () => {
    await start()
    await switchOn('all', { minutes: 1440 })
    const { id } = await ask(OPENAI, questionFor(OPENAI, true))
    await callsKept(1)
    await gateway.restart()
    const after = await ask(OPENAI, questionFor(OPENAI, true))
    const { rules } = await callsKept(2)
    expect(rules).toMatchObject([{ scope: 'all', captured: 2, dropped: 0 }])
    expect([await statusOf(id), await statusOf(after.id)]).toEqual([200, 200])
    const watching = new AbortController()
    const feed = await gateway.fetch('/v2/feed', { headers: asOperator, signal: watching.signal })
    let told = ''
    for await (const piece of (feed.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      told += piece
      if (told.includes('event: snapshot')) break
    }
    watching.abort()
    expect(told).toContain('"capture-on"')
  })

  it('S60: is recorded with who did it, as is each reading', async () => {
    await start()
    await switchOn('all')
    await switchOn('errors', { minutes: 3 })
    const { id } = await ask(OPENAI, questionFor(OPENAI, true))
    await callsKept(1)
    await readBodies(id)
    await operate('DELETE', '/v2/captures/rules/all')
    expect((await operate('DELETE', '/v2/captures/rules/all')).status).toBe(404)
    expect(await (await operate('DELETE', '/v2/captures')).json()).toEqual({ purged: 1 })
    expect(await readState()).toMatchObject({ rules: [{ scope: 'errors' }], kept: { calls: 0 } })
    const actor = { kind: 'operator', via: 'password' }
    expect(await eventsOf('capture-started')).toMatchObject([
      { actor, subject: { kind: 'capture', id: 'errors' } },
      { actor, subject: { kind: 'capture', id: 'all' } },
    ])
    expect(await eventsOf('bodies-read')).toMatchObject([{ actor, subject: { kind: 'call', id } }])
    expect(await eventsOf('capture-stopped')).toMatchObject([{ actor, after: { captured: 1 } }])
    expect(await eventsOf('captures-purged')).toMatchObject([{ actor, after: { calls: 1 } }])
  })

  it('is switched on and off in all processes on the database', async () => {
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
    /** Whether what is said to the other one is recorded: it stores what waits before it answers. */
    const isRecorded = async () => {
      const headers = { 'content-type': 'application/json', ...asClient }
      const body = JSON.stringify(questionFor(OPENAI, false))
      const asked = await fetch(`${other.url}${OPENAI}`, { method: 'POST', headers, body })
      await asked.text()
      const id = asked.headers.get('x-request-id') ?? ''
      const found = await fetch(`${other.url}/v2/calls/${id}/bodies`, { headers: asOperator })
      return (await found.text()).includes('claude')
    }
    try {
      await switchOn('all')
      expect(await eventually(isRecorded, (isSo) => isSo)).toBe(true)
      expect((await readState()).kept.calls).toBeGreaterThan(0)
      await operate('DELETE', '/v2/captures/rules/all')
      let misses = 0
      const missesInTurn = async () => (misses = (await isRecorded()) ? 0 : misses + 1)
      expect(await eventually(missesInTurn, (count) => count === 3)).toBe(3)
    } finally {
      await other.close()
    }
  })

  it.each([{ minutes: 0 }, { minutes: 1441 }, { minutes: 1.5 }, { until: 'ever' }, { keyId: 'env-1' }])(
    'is refused with %j',
    async (body) => {
      await start()
      expect((await operate('PUT', '/v2/captures/rules/all', body)).status).toBe(400)
    },
  )

  it('cannot be switched on where the environment says so', async () => {
    await start({ environment: { CAPTURE_KEEP_HOURS: '0' } })
    const refused = await operate('PUT', '/v2/captures/rules/all', {})
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining('CAPTURE_KEEP_HOURS'),
    ])
  })

  it('shows nothing to tokens that only read', async () => {
    await start()
    await switchOn('all')
    const { id } = await ask(OPENAI, questionFor(OPENAI, true))
    await callsKept(1)
    const made = await operate('POST', '/v2/tokens', { name: 'graphs', scope: 'read' })
    const { token } = z.looseObject({ token: z.string() }).parse(await made.json())
    const asReader = { authorization: `Bearer ${token}` }
    expect((await operate('GET', '/v2/captures', undefined, asReader)).status).toBe(200)
    expect((await operate('GET', `/v2/calls/${id}/bodies`, undefined, asReader)).status).toBe(403)
  })
})

const readRows = () => {
  const database = new BetterSqlite3(join(gateway.dataDirectory, 'data.sqlite3'), { readonly: true })
  try {
    return database.prepare('select * from captured_calls').all()
  } finally {
    database.close()
  }
}

describe('what was recorded', () => {
  it('S26: is in clear nowhere: not in the data folder, not in the log', async () => {
    await start()
    await switchOn('all')
    const { id } = await ask(OPENAI, questionFor(OPENAI, true, 'canary of a prompt'))
    await callsKept(1)
    expect((await readBodies(id)).request?.text).toContain('canary of a prompt')
    const files = readdirSync(gateway.dataDirectory, { recursive: true, withFileTypes: true }).filter(
      (each) => each.isFile(),
    )
    const all = files.map((each) => readFileSync(join(each.parentPath, each.name), 'latin1')).join('')
    expect([all.includes('captured_calls'), all.includes('canary of')]).toEqual([true, false])
    expect(gateway.log.join('')).not.toContain('canary of')
  })

  it('does not open when it was moved to another call', async () => {
    await start()
    await switchOn('all')
    for (let calls = 1; calls <= 2; calls += 1) {
      await ask(OPENAI, questionFor(OPENAI, true))
      await callsKept(calls)
    }
    const [first = '', second = ''] = (await readState()).kept.callIds
    const database = new BetterSqlite3(join(gateway.dataDirectory, 'data.sqlite3'))
    database
      .prepare(
        'update captured_calls set bodies = (select bodies from captured_calls where id = ?) where id = ?',
      )
      .run(first, second)
    database.close()
    expect([await statusOf(first), await statusOf(second)]).toEqual([200, 500])
  })
})
