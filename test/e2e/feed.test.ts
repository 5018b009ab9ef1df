/** The stream that the console follows, from the socket. */
import { afterEach, expect, it } from 'vitest'
import { z } from 'zod'
import { feedChange, feedSnapshot } from '../../src/http/admin/console-contract.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const password = 'correct horse battery'
const secretOf = { authorization: `Bearer ${password}` }

let gateway: GatewayUnderTest
const leaving: AbortController[] = []
afterEach(async () => {
  for (const each of leaving.splice(0)) each.abort()
  await gateway.close()
})

async function watch(headers: Record<string, string> = {}) {
  const gone = new AbortController()
  leaving.push(gone)
  const answer = await gateway.fetch('/v2/feed', { headers, signal: gone.signal })
  return { answer, gone }
}

/** Its events, one after the other, as long as somebody asks for them. */
async function* eventsOf(answer: Response) {
  let text = ''
  for await (const piece of (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += piece
    const whole = text.split('\n\n')
    text = whole.pop() ?? ''
    for (const each of whole) {
      const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(each) ?? []
      if (name !== undefined) yield { name, data: z.unknown().parse(JSON.parse(data ?? '')) }
    }
  }
}

async function next(events: AsyncGenerator<{ name: string; data: unknown }>, wanted: string) {
  for (;;) {
    const { value, done } = await events.next()
    if (done === true) throw new Error(`The feed ended before a ${wanted}.`)
    if (value.name === wanted) return value.data
  }
}

/** Topics of the changes, until all of these were named. */
async function waitForTopics(events: AsyncGenerator<{ name: string; data: unknown }>, wanted: string[]) {
  const named = new Set<string>()
  while (!wanted.every((topic) => named.has(topic))) {
    for (const topic of feedChange.parse(await next(events, 'change')).topics) named.add(topic)
  }
  return [...named]
}

it('tells how the gateway stands, and what has changed', async () => {
  gateway = await startGatewayUnderTest()
  const { answer } = await watch()
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
  expect(answer.headers.get('x-request-id')).toMatch(/^req_/)
  const events = eventsOf(answer)
  const snapshot = feedSnapshot.parse(await next(events, 'snapshot'))
  expect(snapshot.accounts).toEqual({ total: 1, ready: 1, byStatus: { ready: 1 } })
  expect(snapshot.warnings).toEqual([{ code: 'master-key-beside-data', count: null }])
  await gateway.fetch(`/v2/accounts/${gateway.accountId}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ enabled: false }),
  })
  await waitForTopics(events, ['accounts', 'events'])
  const later = feedSnapshot.parse(await next(events, 'snapshot'))
  expect(later.accounts).toEqual({ total: 1, ready: 0, byStatus: { disabled: 1 } })
  await gateway.postJson('/v2/keys', { name: 'mine' })
  await waitForTopics(events, ['keys', 'events'])
  await gateway.postJson('/v2/auth/start', {})
  await waitForTopics(events, ['sign-ins'])
})

it('is for the operator', async () => {
  gateway = await startGatewayUnderTest({ environment: { ADMIN_PASSWORD: password } })
  expect((await watch()).answer.status).toBe(401)
  expect((await watch(secretOf)).answer.status).toBe(200)
})

it('tells of changes that another process makes', async () => {
  gateway = await startGatewayUnderTest({ environment: { ADMIN_PASSWORD: password } })
  const environment = {
    ADMIN_PASSWORD: password,
    DATABASE_URL: `sqlite:${gateway.dataDirectory}/data.sqlite3`,
  }
  const other = await startGatewayUnderTest({
    environment: { ...environment, MASTER_KEY_FILE: `${gateway.dataDirectory}/master.key` },
    withAccount: false,
  })
  try {
    const { answer } = await watch(secretOf)
    const events = eventsOf(answer)
    await next(events, 'snapshot')
    await other.postJson('/v2/keys', { name: 'theirs' }, secretOf)
    expect(await waitForTopics(events, ['keys'])).toContain('keys')
  } finally {
    await other.close()
  }
})

it('is refused to the 51st, in JSON, and given again when one leaves', async () => {
  gateway = await startGatewayUnderTest()
  const first = await watch()
  // What nothing holds is collected, and its connection ends.
  const others = []
  while (others.length < 49) others.push(await watch())
  const { answer } = await watch()
  expect(others.every((other) => other.answer.ok)).toBe(true)
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('30')
  expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining('watch') } })
  first.gone.abort()
  let status = 503
  while (status !== 200) status = (await watch()).answer.status
})

it('ends at once when the gateway stops, which waits for nobody who watches', async () => {
  gateway = await startGatewayUnderTest()
  const events = eventsOf((await watch()).answer)
  await next(events, 'snapshot')
  const stopped = gateway.stop()
  await expect(next(events, 'end')).rejects.toThrow('ended')
  await stopped
})

it('is no answer to HEAD', async () => {
  gateway = await startGatewayUnderTest({ withAccount: false })
  const answer = await gateway.fetch('/v2/feed', { method: 'HEAD' })
  expect(answer.status).toBe(405)
})
