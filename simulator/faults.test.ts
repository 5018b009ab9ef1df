import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bytes, cut, delay, event } from './replies/steps.ts'
import { request, user } from './rules/sample-request.ts'
import { startSimulator, type Simulator } from './simulator.ts'
import { CHAT_TARGET, createTestClient, type TestClient } from './test-client.ts'

let simulator: Simulator
let client: TestClient

beforeAll(async () => {
  simulator = await startSimulator()
  client = createTestClient(simulator)
})
afterAll(() => simulator.close())
beforeEach(() => simulator.reset())

function outcomes(): string[] {
  return simulator.journal.entries().map(({ outcome }) => outcome.kind)
}

describe('faults', () => {
  it('breaks the connection before the answer', async () => {
    await expect(client.say('[[sim:no-answer]]')).rejects.toThrow(TypeError)
    expect(outcomes()).toEqual(['cut'])
  })

  it.each(['connection-cut', 'connection-reset', 'mid-frame-cut'])('breaks the body: %s', async (name) => {
    const answer = await readRaw(`[[sim:${name}]]`)
    expect(answer).toMatch(/^HTTP\/1.1 200 OK[^]*This is /)
    expect(answer.endsWith('0\r\n\r\n')).toBe(false)
    expect(outcomes()).toEqual(['cut'])
  })

  it('owns up to a crash of its own', async () => {
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    simulator.plan({ behaviour: { kind: 'steps', steps: [event('one', circular)] }, times: 1 })
    await expect(client.say('Hi').then((response) => response.text())).rejects.toThrow(TypeError)
    expect(outcomes()).toEqual(['crashed'])
  })

  it('answers 200 and nothing', async () => {
    const response = await client.say('[[sim:empty]]')
    expect(response.status).toBe(200)
    expect((await response.arrayBuffer()).byteLength).toBe(0)
  })

  it('answers a page of a proxy', async () => {
    const response = await client.say('[[sim:html-502]]')
    expect(response.status).toBe(502)
    expect(response.headers.get('content-type')).toBe('text/html')
  })

  it('sends the extra members and headers of an error', async () => {
    const credit = await client.say('[[sim:credit-rate]]')
    expect(await credit.json()).toMatchObject({ retryAfterMilliseconds: 300_000 })
    const throttled = await client.say('[[sim:throttled-429]]')
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '2'])
  })

  it('plays any steps, raw bytes and waits too', async () => {
    const steps = [event('one', {}), delay(1), bytes(Buffer.from('raw')), event('two', {}), cut()]
    simulator.plan({ behaviour: { kind: 'steps', steps: steps.slice(0, -1) }, times: 1 })
    simulator.plan({ behaviour: { kind: 'steps', steps }, times: 1 })
    expect(await (await client.say('Hi')).text()).toMatch(/one[\s\S]*raw[\s\S]*two/)
    await expect((await client.say('Hi')).text()).rejects.toThrow(TypeError)
  })

  it('answers a megabyte', async () => {
    const text = 'x'.repeat(1_000_000)
    simulator.plan({ behaviour: { kind: 'text', text }, times: 1 })
    const received = await (await client.say('Hi')).text()
    expect(received.match(/x{2,}/g)?.join('').length).toBe(text.length)
  })

  it('slices the bytes as asked: all at once, by frames, or across them', async () => {
    const [total = 0, ...more] = await writeSizes('whole')
    expect(more).toEqual([])
    expect(await writeSizes('frame')).toHaveLength(5)
    const pieces = await writeSizes(50)
    expect(pieces.slice(0, -1)).toEqual(Array.from({ length: Math.floor(total / 50) }, () => 50))
    expect(pieces.at(-1)).toBe(total % 50)
  })

  it('waits before the first frame, not after it', async () => {
    const waiting = [delay(1), event('one', {})]
    simulator.plan({ behaviour: { kind: 'steps', steps: waiting }, times: 1 })
    expect(await (await client.say('Hi')).text()).not.toContain('initial-response')
    const leave = new AbortController()
    await client.say('[[sim:stall-at-start]]', { signal: leave.signal })
    leave.abort()
    const left = await simulator.journal.waitFor(({ outcome }) => outcome.kind === 'aborted-by-client')
    expect(left.outcome).toMatchObject({ bytesWritten: 0 })
  })
})

/** Sizes of the chunks of an answer's body, which are the writes of the simulator. */
async function writeSizes(slice: 'whole' | 'frame' | number): Promise<number[]> {
  simulator.plan({ behaviour: { kind: 'named', name: 'legacy-text' }, delivery: { slice }, times: 1 })
  const answer = await readRaw('Hi')
  return readChunkSizes(answer.slice(answer.indexOf('\r\n\r\n') + 4))
}

/** All that arrives before the connection ends or breaks. */
async function readRaw(prompt: string): Promise<string> {
  const { accessToken } = simulator.seed()
  const body = JSON.stringify(request(user(prompt)))
  const head = [
    'POST / HTTP/1.1',
    'host: simulator',
    'connection: close',
    `authorization: Bearer ${accessToken}`,
    `x-amz-target: ${CHAT_TARGET}`,
    'content-type: application/x-amz-json-1.0',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  const socket = connect(simulator.port, '127.0.0.1')
  const received: Buffer[] = []
  socket.on('data', (data: Buffer) => received.push(data))
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  await new Promise<void>((resolve) => {
    socket.on('error', () => undefined)
    socket.on('close', () => resolve())
  })
  return Buffer.concat(received).toString('latin1')
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
      statuses.push((await client.say(prompt, { accessToken })).status)
    }
    expect(statuses).toEqual([500, 403, 503])
    expect((await client.say('Hi')).status).toBe(200)
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
