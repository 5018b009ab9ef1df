/** Faults, plans, the journal and the control routes, seen from the wire. */
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bytes, cut, delay, event } from './replies/steps.ts'
import { request, roundTrip, user } from './rules/sample-request.ts'
import { startSimulator, type Simulator } from './simulator.ts'

const TARGET = 'AmazonCodeWhispererStreamingService.GenerateAssistantResponse'

let simulator: Simulator

beforeAll(async () => {
  simulator = await startSimulator()
})
afterAll(() => simulator.close())
beforeEach(() => simulator.reset())

interface Sent {
  accessToken?: string
  path?: string
  headers?: Record<string, string>
  signal?: AbortSignal
}

function send(body: unknown, { accessToken, path = '/', headers, signal }: Sent = {}): Promise<Response> {
  return fetch(`${simulator.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': path === '/' ? 'application/x-amz-json-1.0' : 'application/json',
      'x-amz-target': TARGET,
      authorization: `Bearer ${accessToken ?? simulator.seed().accessToken}`,
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal && { signal }),
  })
}

function say(content: string, sent?: Sent): Promise<Response> {
  return send(request(user(content)), sent)
}

async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(`${simulator.url}/__simulator/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const json: unknown = await response.json()
  return { status: response.status, json }
}

async function outcomes() {
  return simulator.journal.entries().map(({ outcome }) => outcome.kind)
}

describe('dispatch', () => {
  it('ignores the target on a REST path', async () => {
    const response = await say('Hi', {
      path: '/generateAssistantResponse',
      headers: { 'x-amz-target': 'Some.Other' },
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('x-amzn-codewhisperer-conversation-id')).toBeTruthy()
    expect(await response.text()).not.toContain('initial-response')
  })

  it('begins an awsJson answer with the initial response', async () => {
    const response = await say('Hi')
    expect(response.headers.get('x-amzn-codewhisperer-conversation-id')).toBeNull()
    expect(await response.text()).toContain('initial-response')
  })

  it.each([
    { what: 'an unknown target', sent: { headers: { 'x-amz-target': 'Some.Other' } }, status: 404 },
    { what: 'an unknown path', sent: { path: '/nowhere' }, status: 404 },
    { what: 'a wrong content type', sent: { headers: { 'content-type': 'application/json' } }, status: 415 },
  ])('refuses $what', async ({ sent, status }) => {
    expect((await say('Hi', sent)).status).toBe(status)
  })

  it('refuses what is not JSON', async () => {
    const response = await send('{"conversationState":')
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      __type: 'com.amazon.aws.codewhisperer#ValidationException',
      reason: 'REQUEST_BODY_INVALID_JSON',
    })
  })

  it('names the error in a header in restJson', async () => {
    const response = await say('', { path: '/generateAssistantResponse' })
    expect(response.headers.get('x-amzn-errortype')).toBe('ValidationException')
    expect(await response.json()).toEqual({
      message: 'Improperly formed request.',
      reason: 'REQUEST_BODY_INVALID',
    })
  })
})

describe('tokens', () => {
  it('die with their life, whatever the request', async () => {
    const { accessToken } = simulator.seed({ accessTokenLifeSeconds: 10 })
    expect((await say('Hi', { accessToken })).status).toBe(200)
    simulator.advance(10_000)
    expect((await say('Hi', { accessToken })).status).toBe(403)
  })

  it.each([
    { profileArn: undefined, sent: undefined, status: 200 },
    { profileArn: 'arn:a', sent: 'arn:a', status: 200 },
    { profileArn: 'arn:a', sent: undefined, status: 403 },
    { profileArn: undefined, sent: 'arn:a', status: 403 },
  ])('profile $profileArn, sent $sent: $status', async ({ profileArn, sent, status }) => {
    const { accessToken } = simulator.seed({ profileArn })
    const body = { ...request(user('Hi')), profileArn: sent }
    expect((await send(body, { accessToken })).status).toBe(status)
  })
})

describe('faults', () => {
  it('breaks the connection before the answer', async () => {
    await expect(say('[[sim:no-answer]]')).rejects.toThrow(TypeError)
    expect(await outcomes()).toEqual(['cut'])
  })

  it.each(['connection-cut', 'connection-reset', 'mid-frame-cut'])('breaks the body: %s', async (name) => {
    const response = await say(`[[sim:${name}]]`)
    expect(response.status).toBe(200)
    await expect(response.arrayBuffer()).rejects.toThrow(TypeError)
    expect(await outcomes()).toEqual(['cut'])
  })

  it('answers 200 and nothing', async () => {
    const response = await say('[[sim:empty]]')
    expect(response.status).toBe(200)
    expect((await response.arrayBuffer()).byteLength).toBe(0)
  })

  it('answers a page of a proxy', async () => {
    const response = await say('[[sim:html-502]]')
    expect(response.status).toBe(502)
    expect(response.headers.get('content-type')).toBe('text/html')
  })

  it('sends the extra members and headers of an error', async () => {
    const credit = await say('[[sim:credit-rate]]')
    expect(await credit.json()).toMatchObject({ retryAfterMilliseconds: 300_000 })
    const throttled = await say('[[sim:throttled-429]]')
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '2'])
  })

  it('plays any steps, raw bytes and waits too', async () => {
    const steps = [event('one', {}), delay(1), bytes(Buffer.from('raw')), event('two', {}), cut()]
    simulator.plan({ behaviour: { kind: 'steps', steps: steps.slice(0, -1) }, times: 1 })
    simulator.plan({ behaviour: { kind: 'steps', steps }, times: 1 })
    expect(await (await say('Hi')).text()).toMatch(/one[\s\S]*raw[\s\S]*two/)
    await expect((await say('Hi')).text()).rejects.toThrow(TypeError)
  })

  it('answers a megabyte', async () => {
    const text = 'x'.repeat(1_000_000)
    simulator.plan({ behaviour: { kind: 'text', text }, times: 1 })
    const received = await (await say('Hi')).text()
    expect(received.match(/x{2,}/g)?.join('').length).toBe(text.length)
  })

  it('slices the bytes as asked: all at once, by frames, or across them', async () => {
    const sizes = async (slice: 'whole' | 'frame' | 50) => {
      simulator.plan({ behaviour: { kind: 'named', name: 'legacy-text' }, delivery: { slice }, times: 1 })
      return chunkSizes('Hi')
    }
    const [total = 0, ...more] = await sizes('whole')
    expect(more).toEqual([])
    expect(await sizes('frame')).toHaveLength(5)
    const pieces = await sizes(50)
    expect(pieces.slice(0, -1)).toEqual(Array.from({ length: Math.floor(total / 50) }, () => 50))
    expect(pieces.at(-1)).toBe(total % 50)
  })

  it('waits before the first frame, not after it', async () => {
    const waiting = [delay(1), event('one', {})]
    simulator.plan({ behaviour: { kind: 'steps', steps: waiting }, times: 1 })
    expect(await (await say('Hi')).text()).not.toContain('initial-response')
    const leave = new AbortController()
    await say('[[sim:stall-at-start]]', { signal: leave.signal })
    leave.abort()
    const left = await simulator.journal.waitFor(({ outcome }) => outcome.kind === 'aborted-by-client')
    expect(left.outcome).toMatchObject({ bytesWritten: 0 })
  })
})

/** Sizes of the chunks of the answer's body, which are the writes of the simulator. */
async function chunkSizes(prompt: string): Promise<number[]> {
  const { accessToken } = simulator.seed()
  const body = JSON.stringify(request(user(prompt)))
  const head = [
    'POST / HTTP/1.1',
    'host: simulator',
    'connection: close',
    `authorization: Bearer ${accessToken}`,
    `x-amz-target: ${TARGET}`,
    'content-type: application/x-amz-json-1.0',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  const socket = connect(simulator.port, '127.0.0.1')
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  const received = Buffer.concat(await socket.toArray()).toString('latin1')
  return readChunkSizes(received.slice(received.indexOf('\r\n\r\n') + 4))
}

function readChunkSizes(body: string): number[] {
  const lineEnd = body.indexOf('\r\n')
  const size = Number.parseInt(body.slice(0, lineEnd), 16)
  return size > 0 ? [size, ...readChunkSizes(body.slice(lineEnd + 2 + size + 2))] : []
}

describe('plans', () => {
  it('counted plans come first, then markers, then standing plans', async () => {
    const { accessToken, id } = simulator.seed()
    simulator.plan({ accountId: id, behaviour: { kind: 'named', name: 'unavailable' } })
    simulator.plan({ times: 1, behaviour: { kind: 'named', name: 'internal-error' } })
    const statuses = []
    for (const prompt of ['[[sim:suspended]]', '[[sim:suspended]]', 'Hi']) {
      statuses.push((await say(prompt, { accessToken })).status)
    }
    expect(statuses).toEqual([500, 403, 503])
    expect((await say('Hi')).status).toBe(200)
  })

  it('reach the model list', async () => {
    const { accessToken } = simulator.seed()
    simulator.plan({
      operation: 'ListAvailableModels',
      times: 1,
      behaviour: { kind: 'named', name: 'unavailable' },
    })
    const list = () =>
      fetch(`${simulator.url}/ListAvailableModels?origin=CLI`, {
        headers: { authorization: `Bearer ${accessToken}` },
      })
    expect((await list()).status).toBe(503)
    expect((await list()).status).toBe(200)
  })
})

describe('the model list', () => {
  it('comes in both bindings, in pages', async () => {
    const { accessToken } = simulator.seed()
    const headers = { 'x-amz-target': 'AmazonCodeWhispererService.ListAvailableModels' }
    const rest = await fetch(`${simulator.url}/ListAvailableModels?origin=CLI&maxResults=2`, {
      headers: { authorization: `Bearer ${accessToken}` },
    })
    const page = {
      defaultModel: { modelId: 'claude-sonnet-4.5' },
      models: [{ tokenLimits: { maxInputTokens: 200_000 } }, { modelId: 'claude-sonnet-4' }],
      nextToken: '2',
    }
    expect(await rest.json()).toMatchObject(page)
    const awsJson = await send({ origin: 'CLI', maxResults: 2 }, { accessToken, headers })
    expect(await awsJson.json()).toMatchObject(page)
  })

  it.each([
    { what: 'without an origin', query: '' },
    { what: 'with an unknown member', query: '?origin=CLI&color=red' },
  ])('is refused $what', async ({ query }) => {
    const { accessToken } = simulator.seed()
    const response = await fetch(`${simulator.url}/ListAvailableModels${query}`, {
      headers: { authorization: `Bearer ${accessToken}` },
    })
    expect(response.status).toBe(400)
  })
})

describe('the journal', () => {
  it('tells when the client has left, and how much it had got', async () => {
    const leave = new AbortController()
    const response = await say('[[sim:stall]]', { signal: leave.signal })
    expect(response.status).toBe(200)
    leave.abort()
    const entry = await simulator.journal.waitFor(({ outcome }) => outcome.kind === 'aborted-by-client')
    expect(entry.outcome).toMatchObject({ bytesWritten: expect.any(Number) })
  })

  it('counts the open requests of an account', async () => {
    const { accessToken } = simulator.seed()
    const leave = new AbortController()
    await say('[[sim:stall]]', { accessToken, signal: leave.signal })
    await say('[[sim:stall]]', { accessToken, signal: leave.signal })
    await say('Hi')
    expect(simulator.journal.entries().map(({ concurrency }) => concurrency)).toEqual([1, 2, 1])
    leave.abort()
    await simulator.journal.waitFor(
      ({ order, outcome }) => order === 2 && outcome.kind === 'aborted-by-client',
    )
    await simulator.journal.waitFor(
      ({ order, outcome }) => order === 1 && outcome.kind === 'aborted-by-client',
    )
    await say('Hi', { accessToken })
    expect(simulator.journal.entries().at(-1)?.concurrency).toBe(1)
  })

  it('keeps body and headers, but no token', async () => {
    const { accessToken, id } = simulator.seed()
    await say('Hi', { accessToken })
    const [entry] = simulator.journal.entries()
    expect(entry).toMatchObject({
      accountId: id,
      headers: { authorization: `account:${id}` },
      body: { conversationState: { chatTriggerType: 'MANUAL' } },
    })
    expect(JSON.stringify(entry)).not.toContain(accessToken)
  })

  it('records a refusal with its violations', async () => {
    await say('')
    expect(simulator.journal.entries()).toMatchObject([
      {
        outcome: { kind: 'refused', status: 400, reason: 'REQUEST_BODY_INVALID' },
        violations: [{ rule: 'S13' }],
      },
    ])
  })

  it('rejects those who wait when the simulator closes', async () => {
    const other = await startSimulator()
    const waiting = other.journal.waitFor(() => true)
    const [waited] = await Promise.allSettled([waiting, other.close()])
    expect(waited.status).toBe('rejected')
  })
})

describe('closing', () => {
  it('destroys open streams', async () => {
    const other = await startSimulator()
    const { accessToken } = other.seed()
    const response = await fetch(other.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': TARGET,
        authorization: `Bearer ${accessToken}`,
      },
      body: JSON.stringify(request(user('[[sim:stall]]'))),
    })
    await other.close()
    await expect(response.text()).rejects.toThrow(TypeError)
  })
})

describe('control routes', () => {
  it('seed an account that can chat', async () => {
    const seeded = await control('POST', 'accounts', { id: 'demo', accessToken: 'aoa-demo' })
    expect(seeded.json).toMatchObject({ id: 'demo', accessToken: 'aoa-demo' })
    expect((await send(roundTrip(), { accessToken: 'aoa-demo' })).status).toBe(200)
    expect((await control('GET', 'accounts')).json).toMatchObject([{ id: 'demo', signedIn: true }])
    await control('POST', 'accounts/demo/revoke', { scope: 'access-tokens' })
    expect((await send(roundTrip(), { accessToken: 'aoa-demo' })).status).toBe(403)
  })

  it('plan, read the journal and reset', async () => {
    const { accessToken } = simulator.seed()
    await control('POST', 'plans', { times: 1, behaviour: { kind: 'named', name: 'suspended' } })
    expect((await say('Hi', { accessToken })).status).toBe(403)
    expect((await control('GET', 'journal')).json).toMatchObject({
      entries: [{ outcome: { kind: 'refused', reason: 'TEMPORARILY_SUSPENDED' } }],
    })
    await control('POST', 'reset', {})
    expect((await control('GET', 'journal')).json).toMatchObject({ entries: [] })
  })

  it('change switches one by one', async () => {
    const { json } = await control('PATCH', 'switches', { lenient: true, limits: { bodyBytes: 10 } })
    expect(json).toMatchObject({
      lenient: true,
      legacyErrors: false,
      limits: { bodyBytes: 10, historyEntries: 10_000 },
    })
  })

  it('age tokens', async () => {
    const { accessToken } = simulator.seed()
    await control('POST', 'clock', { advanceSeconds: 3600 })
    expect((await say('Hi', { accessToken })).status).toBe(403)
  })

  it.each([
    { method: 'GET', path: 'nowhere', body: undefined, status: 404 },
    { method: 'POST', path: 'device-codes/AAAA-BBBB', body: { decision: 'approve' }, status: 404 },
    { method: 'POST', path: 'plans', body: { behaviour: { kind: 'named', name: 'nobody' } }, status: 400 },
    { method: 'PATCH', path: 'switches', body: { strictness: 11 }, status: 400 },
  ])('$method $path: $status', async ({ method, path, body, status }) => {
    expect((await control(method, path, body)).status).toBe(status)
  })

  it('show a page that approves a sign-in', async () => {
    simulator.change({ approvalPage: true })
    const { clientId, clientSecret } = simulator.seed()
    const started = await fetch(`${simulator.url}/device_authorization`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ clientId, clientSecret, startUrl: 'https://example.com/start' }),
    })
    const { verificationUriComplete } = Object(await started.json())
    const form = await (await fetch(verificationUriComplete)).text()
    const [userCode = ''] = /[A-Z]{4}-[A-Z]{4}(?=" required)/.exec(form) ?? []
    const body = new URLSearchParams({ user_code: userCode, decision: 'approve' })
    const done = await fetch(`${simulator.url}/__simulator/device`, { method: 'POST', body })
    expect(await done.text()).toContain('approved')
    expect(simulator.deviceLogins()).toMatchObject([{ userCode, state: 'approved' }])
  })
})
