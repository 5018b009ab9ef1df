import { afterEach, describe, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { startTinyProxy, type TinyProxy } from '../tiny-proxy.ts'

const chat = (content: string) => ({
  model: 'claude-sonnet-4.5',
  messages: [{ role: 'user', content }],
})

describe('an outbound proxy', () => {
  let gateway: GatewayUnderTest
  let proxy: TinyProxy
  afterEach(async () => {
    await gateway.close()
    await proxy.close()
  })

  const ask = () => gateway.postJson('/v1/chat/completions', chat('hi'))
  const start = async (environment: Record<string, string> = {}, refuseWith?: number) => {
    proxy = await startTinyProxy(refuseWith === undefined ? {} : { refuseWith })
    const own = { HTTP_PROXY: `http://operator:canary-word@${proxy.host}` }
    gateway = await startGatewayUnderTest({ environment: { ...own, ...environment } })
  }

  it('carries sign-in and model calls, those to the endpoint overrides too', async () => {
    await start()
    expect((await ask()).status).toBe(200)
    const { url } = gateway.simulator
    expect(proxy.calls.map(({ line }) => line)).toEqual([`POST ${url}/token`, `POST ${url}/`])
    gateway.assertNoViolation()
  })

  it('is left out for the hosts of NO_PROXY', async () => {
    await start({ NO_PROXY: 'example.com,127.0.0.1' })
    expect((await ask()).status).toBe(200)
    expect(proxy.calls).toEqual([])
  })

  it.each([407, 502])(
    'that answers %i is told as our own trouble, and its password to nobody',
    async (status) => {
      await start({}, status)
      const answer = await ask()
      const text = await answer.text()
      expect(answer.status).toBe(503)
      const accounts = await (await gateway.fetch('/v2/accounts')).json()
      expect(accounts).toMatchObject({ accounts: [{ enabled: true, error_count: 0 }] })
      expect([text, ...gateway.log, JSON.stringify(accounts)].join('\n')).not.toContain('canary')
    },
  )
})
