import { once } from 'node:events'
import type { IncomingMessage, RequestListener } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startLocalServer, type LocalServer } from '../../../test/local-server.ts'
import { createFakeClock } from '../../../test/fake-clock.ts'
import { systemClock, type Clock } from '../../clock.ts'
import { GatewayError } from '../../conversation/failures.ts'
import type { Access } from '../upstream.ts'
import { listModels } from './list-models.ts'

const ARN = 'arn:aws:codewhisperer:us-east-1:1:profile/X'
const access: Access = {
  accountId: 'account-1',
  accessToken: 'token-1',
  channel: 'q-json',
  region: 'us-east-1',
  optsOut: true,
}
const program = { version: '0.0.0', platform: 'linux', nodeVersion: 'v24.0.0' }
const page = (ids: string[], nextToken?: string) =>
  JSON.stringify({ models: ids.map((modelId) => ({ modelId })), nextToken })

let local: LocalServer
let server: LocalServer['server']
let dispatchers: LocalServer['dispatchers']

beforeEach(async () => {
  local = await startLocalServer()
  ;({ server, dispatchers } = local)
})

afterEach(() => local.close())

function list(
  of: Access = access,
  {
    clock = systemClock,
    signal = new AbortController().signal,
  }: { clock?: Clock; signal?: AbortSignal } = {},
) {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const endpoint = `http://127.0.0.1:${port}`
  const { dispatcherFor } = dispatchers
  return listModels(of, { dispatcherFor, endpoint, clock, program, newId: () => 'id-1', signal })
}

async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (error instanceof GatewayError) return error.failure.kind
    throw error
  }
  return 'none'
}

interface Received {
  line: string
  headers: IncomingMessage['headers']
  body: string
}

/** Answers one request after another with these pages, the last one for ever. */
function answerWith(pages: string[], status = 200): Received[] {
  const received: Received[] = []
  const listener: RequestListener = (request, response) => {
    const { method, url, headers } = request
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ line: `${method} ${url}`, headers, body: Buffer.concat(chunks).toString() })
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(pages[Math.min(received.length, pages.length) - 1])
    })
  }
  server.on('request', listener)
  return received
}

describe('listModels', () => {
  it('asks by awsJson, with a body', async () => {
    const received = answerWith([page(['a', 'b'])])
    const models = await list({ ...access, profileArn: ARN })
    expect(models.map(({ id }) => id)).toEqual(['a', 'b'])
    expect(received).toMatchObject([
      {
        line: 'POST /',
        headers: {
          authorization: 'Bearer token-1',
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'AmazonCodeWhispererService.ListAvailableModels',
          'user-agent': expect.stringContaining('aqueduct/0.0.0 '),
          'x-amzn-codewhisperer-optout': 'true',
        },
        body: JSON.stringify({ origin: 'KIRO_CLI', profileArn: ARN }),
      },
    ])
  })

  it('asks by REST, with a query', async () => {
    const received = answerWith([page(['a'], '1 +'), page(['b'])])
    await list({ ...access, channel: 'q-rest', profileArn: ARN })
    const arn = encodeURIComponent(ARN)
    expect(received.map(({ line }) => line)).toEqual([
      `GET /ListAvailableModels?origin=KIRO_CLI&profileArn=${arn}`,
      `GET /ListAvailableModels?origin=KIRO_CLI&profileArn=${arn}&nextToken=1+%2B`,
    ])
    expect(received[0]).toMatchObject({ body: '' })
    expect(received[0]?.headers).not.toHaveProperty('content-type')
  })

  it('reads all pages, each model once', async () => {
    const received = answerWith([page(['a', 'b'], '1'), page([], '2'), page(['b', 'c'])])
    expect((await list()).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    expect(received.map(({ body }) => body)).toEqual([
      '{"origin":"KIRO_CLI"}',
      '{"origin":"KIRO_CLI","nextToken":"1"}',
      '{"origin":"KIRO_CLI","nextToken":"2"}',
    ])
  })

  it('does not go round in a circle of pages', async () => {
    const received = answerWith([page(['a'], '1'), page(['b'], '2'), page(['c'], '1')])
    expect((await list()).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    expect(received).toHaveLength(3)
  })

  it('ends with twenty pages, and with five hundred models', async () => {
    const received = answerWith(Array.from({ length: 30 }, (_, index) => page([`m${index}`], `t${index}`)))
    expect(await list()).toHaveLength(20)
    expect(received).toHaveLength(20)
    server.removeAllListeners('request')
    answerWith([
      page(
        Array.from({ length: 600 }, (_, index) => `m${index}`),
        'more',
      ),
    ])
    expect(await list()).toHaveLength(500)
  })

  it.each([
    [200, 'no JSON', 'upstream-unavailable'],
    [200, '{"models":[]}', 'upstream-unavailable'],
    [200, `{"models":[{"modelId":"a"}],"x":"${'x'.repeat(2_000_000)}"}`, 'upstream-unavailable'],
    [403, '{"__type":"AccessDeniedException","message":"no"}', 'access-denied'],
    [400, '{"__type":"ThrottlingException","message":"slow"}', 'throttled'],
    [500, '', 'upstream-unavailable'],
  ])('fails when the answer is %i %.40s', async (status, body, kind) => {
    answerWith([body], status)
    expect(await failureOf(list())).toBe(kind)
  })

  it('fails as a whole when a later page does: a part of a list would tell wrong things', async () => {
    answerWith([page(['a'], '1'), 'no JSON'])
    expect(await failureOf(list())).toBe('upstream-unavailable')
  })

  it('fails when nobody listens', async () => {
    const { dispatcherFor } = dispatchers
    const options = {
      dispatcherFor,
      endpoint: 'http://127.0.0.1:1',
      clock: systemClock,
      program,
      newId: () => 'id-1',
    }
    const { signal } = new AbortController()
    expect(await failureOf(listModels(access, { ...options, signal }))).toBe('unreachable')
  })

  it.each(['before its headers', 'in its body'])('gives up on an answer that stalls %s', async (when) => {
    const clock = createFakeClock()
    const listed = failureOf(list(access, { clock }))
    const [, response] = await once(server, 'request')
    if (when === 'in its body') {
      response.write('{"models":[')
      // By then the client waits for the rest.
      await new Promise((resolve) => setImmediate(resolve))
    }
    clock.advance(10_000)
    expect(await listed).toBe('upstream-timeout')
    expect(clock.pending()).toBe(0)
  })

  it('is given up with its signal', async () => {
    const leaving = new AbortController()
    const listed = failureOf(list(access, { signal: leaving.signal }))
    await once(server, 'request')
    leaving.abort()
    expect(await listed).toBe('client-gone')
  })
})
