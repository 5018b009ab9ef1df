/** Bytes that no program sends: F1, F2, F3 and F14 at a small count; test/full/raw-http.ts has the large one. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../full/hostile/random.ts'
import { askRaw, checkAnswers, runCases } from '../full/hostile/raw-client.ts'
import {
  CLIMBS,
  climbingTarget,
  goodRequests,
  hostileHeaders,
  mutateRequest,
} from '../full/hostile/raw-requests.ts'
import { smugglingCases } from '../full/hostile/smuggling.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const CASES = 300
const AT_ONCE = 40
/** For requests that are in order, and end their connection themselves. */
const PATIENCE_MS = 20_000
const key = 'sk-0123456789abcdef'
const canary = 'file-canary-3f2a'
const secrets = [canary, 'correct horse']

let gateway: GatewayUnderTest
beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    environment: { OPENAI_KEYS: key, ADMIN_PASSWORD: 'correct horse' },
  })
  writeFileSync(join(gateway.dataDirectory, 'canary.txt'), canary)
})
afterAll(() => gateway.close())
/** What is wrong with the gateway after all that. */
async function damageDone(): Promise<unknown[]> {
  const { status } = await gateway.fetch('/healthz')
  const failures = gateway.log.filter((line) => /"level":[56]0/.test(line))
  return [...(status === 200 ? [] : [status]), ...Object.keys(Object.prototype), ...failures]
}

const check = async (bytes: Buffer, silenceMs?: number) =>
  checkAnswers(await askRaw(gateway.url, bytes, silenceMs), secrets)

describe('F1: a request that was bent', () => {
  it('is answered or ends, and never gets a 500', async () => {
    const goods = goodRequests(key)
    expect(goods).toHaveLength(40)
    const random = createRandom(1)
    const seen = new Set<number>()
    await runCases({ count: CASES, atOnce: AT_ONCE }, async () => {
      for (const { status } of await check(mutateRequest(goods, random))) seen.add(status)
    })
    expect(seen.has(400) && seen.has(200) && seen.has(401)).toBe(true)
    expect(await damageDone()).toEqual([])
  })

  it('is bent: each of the forty is answered well when it is not', async () => {
    const goods = goodRequests(key)
    const statuses = await Promise.all(
      goods.map(async (good) => (await check(good, PATIENCE_MS)).at(-1)?.status),
    )
    expect(statuses.filter((status) => ![200, 204, 401, 404].includes(status ?? 0))).toEqual([])
  })
})

describe('S35: F2: a request whose end can be told in two ways', () => {
  it('gets 400 and the end of its connection, and what hides in it is never answered', async () => {
    const cases = smugglingCases(key).filter(({ isSound }) => !isSound)
    expect(cases.length).toBeGreaterThan(300)
    await runCases({ count: cases.length, atOnce: AT_ONCE }, async (index) => {
      const bytes = cases[index]?.bytes ?? Buffer.alloc(0)
      const text = await askRaw(gateway.url, bytes)
      const statuses = checkAnswers(text, secrets).map(({ status }) => status)
      const told = `${bytes.toString('latin1').slice(0, 200)} → ${text.slice(0, 200)}`
      if (statuses.join() !== '400' || !/\r\nconnection: close\r\n/i.test(text)) throw new Error(told)
      if (text.includes('smuggled')) throw new Error(told)
    })
    expect(await damageDone()).toEqual([])
  })

  it('is told apart from one that is sound, and that takes its whole body with it', async () => {
    const cases = smugglingCases(key).filter(({ isSound }) => isSound)
    expect(cases.length).toBeGreaterThan(10)
    const next = Buffer.from('GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
    for (const { bytes } of cases) {
      const answers = await check(Buffer.concat([bytes, next]))
      expect(answers.map(({ status }) => status)).toEqual([400, 200])
    }
  })
})

describe('F3: headers that no program sends', () => {
  it('are taken, refused with 400 or 431, or end the connection', async () => {
    const random = createRandom(3)
    const seen = new Set<number>()
    await runCases({ count: CASES, atOnce: AT_ONCE }, async () => {
      for (const { status } of await check(hostileHeaders(random))) seen.add(status)
    })
    expect([...seen].filter((status) => ![200, 400, 401, 403, 404, 417, 431].includes(status))).toEqual([])
    expect(seen.has(400) && seen.has(431)).toBe(true)
    expect(await damageDone()).toEqual([])
  })
})

describe('S45: F14: a path that climbs out of what is served', () => {
  it('is written in sixty ways', () => {
    expect(new Set(CLIMBS).size).toBeGreaterThanOrEqual(60)
  })

  it('is nothing here: no file is read but those of the documentation', async () => {
    const random = createRandom(14)
    const path = join(gateway.dataDirectory, 'canary.txt')
    await gateway.fetch('/docs')
    await runCases({ count: CASES, atOnce: AT_ONCE }, async () => {
      const target = climbingTarget(random, path)
      const text = await askRaw(
        gateway.url,
        Buffer.from(`GET ${target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`),
      )
      checkAnswers(text, secrets)
      const foreign = ['root:', '"devDependencies"', 'PATH='].find((each) => text.includes(each))
      if (foreign !== undefined) throw new Error(`${target} leads to a file`)
      if (text.startsWith('HTTP/1.1 5')) throw new Error(`${target}: ${text.slice(0, 100)}`)
    })
    expect(await damageDone()).toEqual([])
  })
})
