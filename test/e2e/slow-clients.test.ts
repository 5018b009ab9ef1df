import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drip, type Dripping } from '../full/hostile/dripping-clients.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const chat = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'hi' }] }
const kinds: readonly Dripping[] = ['nothing', 'headers', 'body', 'chunks']

describe('S36: two hundred clients that send a byte now and then', () => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({
      environment: { HEADERS_TIMEOUT_SECONDS: '0.5', BODY_TIMEOUT_SECONDS: '0.5' },
    })
  })
  afterAll(() => gateway.close())

  it('are all cut by the limits of headers and bodies, and others are served meanwhile', async () => {
    const ended: number[] = []
    const dripping = kinds.flatMap((kind) =>
      Array.from({ length: 50 }, async () => {
        const { status } = await drip(gateway.url, { kind, everyMs: 50 })
        ended.push(status)
        return { kind, status }
      }),
    )
    const served = await Promise.all(
      Array.from({ length: 10 }, () => gateway.postJson('/v1/chat/completions', chat)),
    )
    expect(served.map(({ status }) => status)).toEqual(served.map(() => 200))
    expect(ended.length).toBeLessThan(200)
    const endings = await Promise.all(dripping)
    expect(endings.filter(({ status }) => status !== 408)).toEqual([])
    expect((await gateway.postJson('/v1/chat/completions', chat)).status).toBe(200)
  })
})
