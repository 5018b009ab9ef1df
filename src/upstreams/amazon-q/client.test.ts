import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startLocalServer, type LocalServer } from '../../../test/local-server.ts'
import { bytesOf } from '../../../test/answer-body.ts'
import { systemClock, type Clock } from '../../clock.ts'
import { createConversation } from '../../conversation/conversation.ts'
import type { Thinking, Turn } from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import type { ReplyEvent } from '../../conversation/reply.ts'
import { sampleModel } from '../../../test/sample-model.ts'
import { FULL_FORM, type Access, type UpstreamReply } from '../upstream.ts'
import { createAmazonQ } from './client.ts'

const EVENT_STREAM = { 'content-type': 'application/vnd.amazon.eventstream', 'x-amzn-requestid': 'request-1' }
/** assistantResponseEvent {"content":"Hi"}, made with the official codec. */
const HI_FRAME = Buffer.from(
  '0000007c0000005c3bddcf780d3a6d6573736167652d747970650700056576656e740b3a6576656e742d74797065070016617373697374616e74526573706f6e73654576656e740d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b22636f6e74656e74223a224869227d09f66f51',
  'hex',
)
/** assistantResponseEvent {"content":"<thinking>plan</thinking>\n\nHi"} */
const TAGS_FRAME = Buffer.from(
  '000000990000005cdbe987d70d3a6d6573736167652d747970650700056576656e740b3a6576656e742d74797065070016617373697374616e74526573706f6e73654576656e740d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b22636f6e74656e74223a223c7468696e6b696e673e706c616e3c2f7468696e6b696e673e5c6e5c6e4869227def61b209',
  'hex',
)
const TOKEN = `aoaAAAAA-secret-${'x'.repeat(60)}`
const access: Access = {
  accountId: 'account-1',
  accessToken: TOKEN,
  channel: 'q-json',
  region: 'us-east-1',
  optsOut: true,
}
const clock: Clock = { ...systemClock, now: () => Date.parse('2026-11-22T12:00:00Z') }

const sendingWith = (signal = new AbortController().signal) => ({
  model: sampleModel,
  form: FULL_FORM,
  signal,
})

let local: LocalServer
let server: LocalServer['server']
let dispatchers: LocalServer['dispatchers']

beforeEach(async () => {
  local = await startLocalServer()
  ;({ server, dispatchers } = local)
})

afterEach(() => local.close())

function endpointOf(): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server is not listening')
  return `http://127.0.0.1:${address.port}`
}

function prepare(timeouts = { headersMs: 20_000, errorBodyMs: 20_000 }, endpoint = endpointOf()) {
  let count = 0
  const newId = () => `id-${(count += 1)}`
  const amazonQ = createAmazonQ({ version: '1.2.3', ...dispatchers, endpoint, clock, timeouts, newId })
  return amazonQ.prepare(
    createConversation({
      model: 'claude-sonnet-4-5',
      turns: [{ role: 'user', parts: [{ kind: 'text', text: 'héllo' }] }],
    }),
    sampleModel,
  )
}

function respond(listener: RequestListener): void {
  server.on('request', listener)
}

async function failureOf(promise: Promise<unknown>): Promise<GatewayError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('it did not fail')
}

async function readEvents({ body, decoder }: UpstreamReply): Promise<ReplyEvent[]> {
  const events: ReplyEvent[] = []
  for (const bytes of await bytesOf(body)) decoder.push(bytes, (event) => events.push(event))
  decoder.end((event) => events.push(event))
  return events
}

interface Received {
  method: string | undefined
  url: string | undefined
  headers: IncomingMessage['headers']
  body: string
}

/** Answers every request with one good frame, and keeps what came. */
function collectRequests(): Received[] {
  const received: Received[] = []
  respond((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method, url, headers } = request
      received.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
      response.writeHead(200, EVENT_STREAM).end(HI_FRAME)
    })
  })
  return received
}

describe('an exchange with Amazon Q', () => {
  it('sends the conversation and hands out the answer unread', async () => {
    const received = collectRequests()
    const exchange = prepare()
    const reply = await exchange.send(access, sendingWith())
    expect(exchange.inputTokens).toBe(3)
    expect(reply.requestId).toBe('request-1')
    expect(await readEvents(reply)).toMatchObject([
      { type: 'reply-start' },
      { type: 'block-start' },
      { type: 'block-delta', text: 'Hi' },
      { type: 'block-end' },
      { type: 'reply-end', stopReason: 'end-turn', usage: { inputTokens: 3, outputTokens: 1 } },
    ])
    expect(received).toMatchObject([
      {
        method: 'POST',
        url: '/',
        headers: {
          authorization: `Bearer ${TOKEN}`,
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'AmazonCodeWhispererStreamingService.GenerateAssistantResponse',
          'x-amzn-codewhisperer-optout': 'true',
          'amz-sdk-invocation-id': 'id-1',
          'user-agent': expect.stringContaining('app/aqueduct'),
        },
      },
    ])
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      conversationState: {
        conversationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        chatTriggerType: 'MANUAL',
        currentMessage: {
          userInputMessage: { content: 'héllo', origin: 'KIRO_CLI', modelId: 'claude-sonnet-4.5' },
        },
      },
    })
  })

  it('sends the same conversation with the members of each account', async () => {
    const received = collectRequests()
    const exchange = prepare()
    const profileArn = 'arn:aws:codewhisperer:us-east-1:1:profile/X'
    const sending = sendingWith()
    await readEvents(await exchange.send(access, sending))
    await readEvents(await exchange.send({ ...access, accessToken: 'other', profileArn }, sending))
    const [first, second] = received.map(({ body }) => JSON.parse(body))
    expect(second).toEqual({ ...first, profileArn })
    expect(received.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${TOKEN}`, 'Bearer other'])
    expect(received.map(({ headers }) => headers['amz-sdk-invocation-id'])).toEqual(['id-1', 'id-1'])
  })

  it('refuses images for a model that takes none, before anything is sent', () => {
    const timeouts = { headersMs: 1, errorBodyMs: 1 }
    const amazonQ = createAmazonQ({ version: '1.2.3', ...dispatchers, clock, timeouts, newId: () => 'id' })
    const image = { kind: 'image', format: 'png', base64: 'iVBORw0KGgo=' } as const
    const conversation = createConversation({ model: 'm', turns: [{ role: 'user', parts: [image] }] })
    const blind = { ...sampleModel, takesImages: false }
    expect(() => amazonQ.prepare(conversation, blind)).toThrow('model: This model takes text only.')
  })

  it('shows what it would send, without the credentials', async () => {
    const received = collectRequests()
    const exchange = prepare()
    const profileArn = 'arn:aws:codewhisperer:us-east-1:1:profile/X'
    const { accessToken, ...rest } = { ...access, profileArn }
    const { model, form } = sendingWith()
    const preview = exchange.preview(rest, { model, form })
    await readEvents(await exchange.send({ ...rest, accessToken }, sendingWith()))
    const [sent] = received
    expect(preview).toEqual({
      url: `${endpointOf()}/`,
      headers: expect.objectContaining({ 'content-type': 'application/x-amz-json-1.0' }),
      body: JSON.parse(sent?.body ?? ''),
      losses: [],
      findings: [],
    })
    expect(sent?.headers).toMatchObject(preview.headers)
    expect(JSON.stringify(preview)).not.toContain('secret')
  })

  it('sends the fields of the model beside the conversation', async () => {
    const received = collectRequests()
    const requestFields = { properties: { thinking: { properties: { type: { enum: ['disabled'] } } } } }
    const { losses } = await prepare().send(access, {
      ...sendingWith(),
      model: { ...sampleModel, requestFields },
    })
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({
      additionalModelRequestFields: { thinking: { type: 'disabled' } },
    })
    expect(losses).toEqual([])
  })

  it('refuses images when it turns out that the account has the model for text only', async () => {
    const timeouts = { headersMs: 1, errorBodyMs: 1 }
    const amazonQ = createAmazonQ({ version: '1.2.3', ...dispatchers, clock, timeouts, newId: () => 'id' })
    const image = { kind: 'image', format: 'png', base64: 'iVBORw0KGgo=' } as const
    const conversation = createConversation({ model: 'm', turns: [{ role: 'user', parts: [image] }] })
    const sending = { ...sendingWith(), model: { ...sampleModel, takesImages: false } }
    const error = await failureOf(amazonQ.prepare(conversation, sampleModel).send(access, sending))
    expect(error.failure).toMatchObject({ kind: 'invalid-request', field: 'model' })
  })

  it('reads thinking in tags when it asked for it, and only then', async () => {
    respond((_request, response) => {
      response.writeHead(200, EVENT_STREAM).end(TAGS_FRAME)
    })
    const timeouts = { headersMs: 20_000, errorBodyMs: 20_000 }
    const options = { version: '1.2.3', ...dispatchers, endpoint: endpointOf(), clock, timeouts }
    const amazonQ = createAmazonQ({ ...options, newId: () => 'id' })
    const kindsFor = async (thinking: Thinking) => {
      const turns = [{ role: 'user', parts: [{ kind: 'text', text: 'q' }] }] satisfies Turn[]
      const conversation = createConversation({ model: 'm', turns, thinking })
      const reply = await amazonQ.prepare(conversation, sampleModel).send(access, sendingWith())
      const events = await readEvents(reply)
      return events.flatMap((event) => (event.type === 'block-start' ? [event.block.kind] : []))
    }
    expect(await kindsFor({ kind: 'adaptive', shown: true })).toEqual(['thinking', 'text'])
    expect(await kindsFor({ kind: 'off' })).toEqual(['text'])
  })

  it('refuses an account whose channel it does not know', async () => {
    const error = await failureOf(prepare().send({ ...access, channel: 'x' }, sendingWith()))
    expect(error.failure.kind).toBe('access-denied')
  })
})

const json = (status: number, body: object) => (_request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body))
}

describe('an answer that does not begin', () => {
  it.each<[string, RequestListener, string]>([
    [
      'throttling as awsJson tells it',
      json(400, { __type: 'a#ThrottlingException', message: 'm' }),
      'throttled',
    ],
    [
      'a refused token',
      json(403, { message: 'The bearer token included in the request is invalid.' }),
      'token-expired',
    ],
    ['200 that is no event stream', json(200, {}), 'upstream-unavailable'],
    [
      'a page of HTML by a proxy',
      (_request, response) =>
        response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad</html>'),
      'upstream-unavailable',
    ],
    ['a reset', (request) => request.socket.resetAndDestroy(), 'upstream-unavailable'],
    ['a closed connection', (request) => request.socket.destroy(), 'upstream-unavailable'],
    ['bytes that are no HTTP', (request) => request.socket.end('nonsense\r\n\r\n'), 'upstream-unavailable'],
    [
      'an error text without end',
      (_request, response) => {
        response.writeHead(429)
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(16_384)));
        }
        response.on('drain', more)
        more()
      },
      'throttled',
    ],
  ])('%s is classified, and holds no secret', async (_name, listener, kind) => {
    respond(listener)
    const error = await failureOf(prepare().send(access, sendingWith()))
    expect(error.failure.kind).toBe(kind)
    expect(inspect(error, { depth: 10 })).not.toContain('secret')
  })

  it('is a time-out when the head of the answer does not come', async () => {
    respond(() => {})
    const error = await failureOf(prepare({ headersMs: 50, errorBodyMs: 50 }).send(access, sendingWith()))
    expect(error.failure.kind).toBe('upstream-timeout')
  })

  it('goes by the status when the text of an error stalls, and lets the connection go', async () => {
    const closed = new Promise((resolve) => {
      respond((_request, response) => {
        response.on('close', resolve)
        response.writeHead(503).write('{"mess')
      })
    })
    const exchange = prepare({ headersMs: 20_000, errorBodyMs: 50 })
    const error = await failureOf(exchange.send(access, sendingWith()))
    expect(error.failure.kind).toBe('upstream-unavailable')
    await closed
  })

  it('is unreachable when nobody listens', async () => {
    const endpoint = endpointOf()
    await new Promise((resolve) => server.close(resolve))
    const error = await failureOf(prepare(undefined, endpoint).send(access, sendingWith()))
    expect(error.failure).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })

  it('is our own fault when the request cannot be made', async () => {
    const error = await failureOf(prepare().send({ ...access, accessToken: 'secret\n' }, sendingWith()))
    expect(error.failure.kind).toBe('internal')
    expect(inspect(error, { depth: 10 })).not.toContain('secret')
  })
})

describe('a client that leaves', () => {
  it('before the request leaves nothing to send', async () => {
    const received = collectRequests()
    const error = await failureOf(prepare().send(access, sendingWith(AbortSignal.abort())))
    expect(error.failure.kind).toBe('client-gone')
    expect(received).toEqual([])
  })

  it('before the answer begins closes the connection', async () => {
    const client = new AbortController()
    const closed = new Promise((resolve) => {
      respond((request, response) => {
        response.on('close', resolve)
        request.on('end', () => client.abort()).resume()
      })
    })
    const error = await failureOf(prepare().send(access, sendingWith(client.signal)))
    expect(error.failure.kind).toBe('client-gone')
    await closed
  })

  it('during the answer closes the connection and ends the body', async () => {
    const client = new AbortController()
    const closed = new Promise((resolve) => {
      respond((_request, response) => {
        response.on('close', resolve)
        response.writeHead(200, EVENT_STREAM).write(HI_FRAME)
      })
    })
    const { body } = await prepare().send(access, sendingWith(client.signal))
    const said: string[] = []
    await new Promise<void>((resolve) => {
      body.read({
        take() {
          said.push('bytes')
          client.abort()
        },
        end: () => said.push('end'),
        fail() {
          said.push('broken off')
          resolve()
        },
      })
    })
    await closed
    expect(said).toEqual(['bytes', 'broken off'])
  })

  it('during the text of an error is no failure of the account', async () => {
    const client = new AbortController()
    respond((_request, response) => {
      response.writeHead(503).write('{')
    })
    // The clock is asked for a time-out when the text begins to be read.
    vi.spyOn(clock, 'after').mockImplementation(() => {
      client.abort()
      return () => {}
    })
    const error = await failureOf(prepare().send(access, sendingWith(client.signal)))
    expect(error.failure.kind).toBe('client-gone')
  })
})
