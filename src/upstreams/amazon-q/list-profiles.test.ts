import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startLocalServer, type LocalServer } from '../../../test/local-server.ts'
import { createFakeClock } from '../../../test/fake-clock.ts'
import { systemClock, type Clock } from '../../clock.ts'
import { GatewayError } from '../../conversation/failures.ts'
import type { Access } from '../upstream.ts'
import { listProfiles } from './list-profiles.ts'

const arnIn = (region: string, id = 'X') => `arn:aws:codewhisperer:${region}:1:profile/${id}`
const access: Access = {
  accountId: 'account-1',
  accessToken: 'token-1',
  channel: 'q-json',
  region: 'us-east-1',
  optsOut: true,
}

interface Answer {
  status: number
  body: object
}
const listing = (...arns: string[]): Answer => ({
  status: 200,
  body: { profiles: arns.map((arn) => ({ arn, profileName: `at ${arn.split('/')[1]}` })) },
})
const refusal = (status: number, message: string, reason?: string): Answer => ({
  status,
  body: { __type: 'a#AccessDeniedException', message, reason },
})
const broken: Answer = { status: 500, body: {} }
const builderId = refusal(403, 'AWS Builder ID is not supported for this operation.')

/** Both regions are this server; they are told apart by the order in which they are asked. */
let local: LocalServer
let server: LocalServer['server']
let dispatchers: LocalServer['dispatchers']
beforeEach(async () => {
  local = await startLocalServer()
  ;({ server, dispatchers } = local)
})
afterEach(() => local.close())

function search(of: Partial<Access> = {}, clock: Clock = systemClock, client = new AbortController()) {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return listProfiles(
    { ...access, ...of },
    {
      dispatcherFor: dispatchers.dispatcherFor,
      endpoint: `http://127.0.0.1:${port}`,
      clock,
      program: { version: '0.0.0', platform: 'linux', nodeVersion: 'v24.0.0' },
      newId: () => 'id-1',
      signal: client.signal,
    },
  )
}

interface Asked {
  line: string
  headers: IncomingMessage['headers']
  body: string
}

/** Answers one request after another; a missing answer never comes. */
function answerWith(...answers: (Answer | undefined)[]): Asked[] {
  const asked: Asked[] = []
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const answer = answers.shift()
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method, url, headers } = request
      asked.push({ line: `${method} ${url}`, headers, body: Buffer.concat(chunks).toString() })
      if (answer === undefined) return
      response.writeHead(answer.status).end(JSON.stringify(answer.body))
    })
  })
  return asked
}

async function failureOf(promise: Promise<unknown>): Promise<GatewayError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('It did not fail.')
}

describe('listProfiles', () => {
  it.each([
    ['q-json', 'POST /', 'AmazonCodeWhispererService.ListAvailableProfiles', 'application/x-amz-json-1.0'],
    ['q-rest', 'POST /ListAvailableProfiles', undefined, 'application/json'],
    ['kiro-runtime', 'POST /List-Available-Profiles', undefined, 'application/json'],
  ])(
    'asks both regions by the binding of %s, even if they are one host',
    async (channel, line, target, type) => {
      const asked = answerWith(listing(), listing())
      await search({ channel, profileArn: arnIn('us-east-1'), optsOut: false })
      expect(asked).toHaveLength(2)
      for (const { line: sent, headers, body } of asked) {
        expect([sent, body, headers['x-amz-target']]).toEqual([line, '{}', target])
        expect(headers).toMatchObject({
          authorization: 'Bearer token-1',
          'content-type': type,
          'x-amzn-codewhisperer-optout': 'false',
        })
      }
    },
  )

  it.each<
    [what: string, answers: [Answer, Answer], arns: string[], unanswered: number, isBuilderId: boolean]
  >([
    ['one region', [listing(), listing(arnIn('eu-central-1'))], [arnIn('eu-central-1')], 0, false],
    ['both', [listing('arn:a/1'), listing('arn:a/2')], ['arn:a/1', 'arn:a/2'], 0, false],
    ['both, the same', [listing('arn:a/1'), listing('arn:a/1')], ['arn:a/1'], 0, false],
    ['none', [listing(), listing()], [], 0, false],
    ['a Builder ID', [builderId, builderId], [], 0, true],
    ['one region, while the other fails', [listing('arn:a/1'), broken], ['arn:a/1'], 1, false],
    ['one that fails and one that is empty', [listing(), broken], [], 1, false],
    ['one that fails and a Builder ID', [builderId, broken], [], 1, true],
  ])('tells the profiles of %s', async (_what, answers, arns, unanswered, isBuilderId) => {
    answerWith(...answers)
    const found = await search()
    expect(found.profiles.map(({ arn }) => arn).toSorted()).toEqual(arns)
    expect(found.unanswered).toHaveLength(unanswered)
    expect(found.isBuilderId).toBe(isBuilderId)
  })

  it('leaves out profiles that cannot be used', async () => {
    const states = ['ACTIVE', 'CREATING', 'DELETE_FAILED', null]
    const profiles = [
      ...states.map((status, index) => ({ arn: `arn:a/${index}`, profileName: ' My\r\nteam ', status })),
      { arn: 'arn:a/bare' },
      { arn: 'no arn' },
      'odd',
    ]
    answerWith({ status: 200, body: { profiles } }, listing())
    expect((await search()).profiles).toEqual([
      { arn: 'arn:a/0', name: 'My team' },
      { arn: 'arn:a/3', name: 'My team' },
      { arn: 'arn:a/bare', name: 'unnamed' },
    ])
  })

  it('reads all pages of a region', async () => {
    const { body } = listing('arn:a/1')
    const asked = answerWith(
      { status: 200, body: { ...body, nextToken: '1' } },
      listing(),
      listing('arn:a/2'),
    )
    expect((await search()).profiles.map(({ arn }) => arn)).toEqual(['arn:a/1', 'arn:a/2'])
    expect(asked[2]?.body).toBe('{"nextToken":"1"}')
  })

  it.each<[answers: [Answer, Answer], kind: string]>([
    [[broken, broken], 'upstream-unavailable'],
    [[broken, refusal(403, 'The bearer token included in the request is invalid.')], 'token-expired'],
    [[broken, refusal(403, 'Ended.', 'FEATURE_NOT_SUPPORTED')], 'feature-gated'],
    [
      [refusal(403, 'Ended.', 'FEATURE_NOT_SUPPORTED'), refusal(403, 'x', 'TEMPORARILY_SUSPENDED')],
      'suspended',
    ],
    [
      [
        { status: 200, body: {} },
        { status: 200, body: { profiles: 7 } },
      ],
      'upstream-unavailable',
    ],
  ])('fails when no region answers: %j', async (answers, kind) => {
    answerWith(...answers)
    const error = await failureOf(search())
    expect(error.failure.kind).toBe(kind)
    expect(String(error.cause)).toMatch(/us-east-1: .*eu-central-1: /)
  })

  it('does not wait for a region without end', async () => {
    const clock = createFakeClock()
    answerWith(listing('arn:a/1'), undefined)
    const found = search({}, clock)
    await once(server, 'request')
    // The region that has answered waits for nothing any more.
    await vi.waitFor(() => expect(clock.pending()).toBe(1))
    clock.advance(10_000)
    expect(await found).toMatchObject({ profiles: [{ arn: 'arn:a/1' }], unanswered: [expect.any(String)] })
  })

  it('ends when nobody wants to know any more', async () => {
    const client = new AbortController()
    answerWith(undefined, undefined)
    const found = failureOf(search({}, systemClock, client))
    await once(server, 'request')
    client.abort()
    expect((await found).failure.kind).toBe('client-gone')
  })

  it('refuses a channel that is not known, without asking', async () => {
    const asked = answerWith()
    expect((await failureOf(search({ channel: 'nope' }))).failure.kind).toBe('access-denied')
    expect(asked).toEqual([])
  })
})
