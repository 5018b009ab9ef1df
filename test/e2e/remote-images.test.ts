import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { readSentConversation } from '../sent-conversation.ts'
import { startTinyProxy } from '../tiny-proxy.ts'

const ADVICE = 'send the image itself, as data:image/png;base64,…'
const OFF = `Images are not fetched from a URL; ${ADVICE}`
const FAILED = `This image could not be fetched; ${ADVICE}`

/** Each API's request with an image by address, and where that address stands in it. */
const requests = {
  '/v1/chat/completions': {
    field: 'messages.0.content.0.image_url.url',
    body: (url: string) => ({
      model: 'claude-sonnet-4.5',
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
    }),
  },
  '/v1/messages': {
    field: 'messages.0.content.0.source.url',
    body: (url: string) => ({
      model: 'claude-sonnet-4.5',
      max_tokens: 10,
      messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url } }] }],
    }),
  },
}
const paths = ['/v1/chat/completions', '/v1/messages'] as const

describe('an image by address', () => {
  let gateway: GatewayUnderTest
  let sink: Server | undefined
  afterEach(async () => {
    await gateway.close()
    sink?.close()
    sink = undefined
  })

  const start = async (environment: Record<string, string> = {}) => {
    gateway = await startGatewayUnderTest({ environment })
  }
  const refusalOf = async (path: (typeof paths)[number], url: string) => {
    const answer = await gateway.postJson(path, requests[path].body(url))
    return { status: answer.status, body: await answer.json() }
  }
  const refusedWith = (path: (typeof paths)[number], text: string) => ({
    status: 400,
    body: { error: { type: 'invalid_request_error', message: `${requests[path].field}: ${text}` } },
  })

  it.each(paths)('is refused by default on %s, by its path', async (path) => {
    await start()
    expect(await refusalOf(path, 'https://example.com/a.png')).toMatchObject(refusedWith(path, OFF))
    expect(gateway.simulator.journal.of('GenerateAssistantResponse')).toEqual([])
  })

  it.each(paths)('S42: is not fetched from this machine on %s, and nobody learns why', async (path) => {
    let connections = 0
    sink = createServer((socket) => {
      connections += 1
      socket.destroy()
    }).listen(0, '127.0.0.1')
    await once(sink, 'listening')
    const address = sink.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await start({ FETCH_REMOTE_IMAGES: 'true', FETCH_REMOTE_IMAGES_OVER_HTTP: 'true' })
    const urls = [
      `http://127.0.0.1:${port}/`,
      `https://[::ffff:127.0.0.1]:${port}/`,
      'http://127.0.0.1/canary-path?canary=query',
      'https://2130706433/',
      'http://[::1]/',
      'http://169.254.169.254/latest/meta-data/',
      'http://canary:word@example.com/',
    ]
    for (const url of urls) {
      expect(await refusalOf(path, url)).toMatchObject(refusedWith(path, FAILED))
    }
    expect(connections).toBe(0)
    const log = gateway.log.join('')
    expect(log).toContain('169.254.169.254 is not public')
    expect(log).not.toContain('canary')
  })

  it('needs the second setting for http', async () => {
    await start({ FETCH_REMOTE_IMAGES: '1' })
    const [path] = paths
    expect(await refusalOf(path, 'http://127.0.0.1/')).toMatchObject(refusedWith(path, FAILED))
    expect(gateway.log.join('')).toContain('http: is not allowed')
  })

  it('S42: is never fetched when there is a proxy, which the log says at the start', async () => {
    const proxy = await startTinyProxy()
    try {
      await start({ FETCH_REMOTE_IMAGES: 'true', HTTP_PROXY: proxy.url })
      expect(gateway.log.join('')).toContain('FETCH_REMOTE_IMAGES stays off')
      const [path] = paths
      expect(await refusalOf(path, 'https://example.com/a.png')).toMatchObject(refusedWith(path, OFF))
      expect(proxy.calls.filter(({ line }) => line.includes('example.com'))).toEqual([])
    } finally {
      await proxy.close()
    }
  })

  it.each(paths)(
    'of an earlier turn is left out and named on %s, whether it is fetched or not',
    async (path) => {
      for (const environment of [{}, { FETCH_REMOTE_IMAGES: 'true' }]) {
        await start(environment)
        const { messages, ...rest } = requests[path].body('https://127.0.0.1/a.png')
        const since = [
          { role: 'assistant', content: 'ok' },
          { role: 'user', content: 'go on' },
        ]
        const answer = await gateway.postJson(path, { ...rest, messages: [...messages, ...since] })
        expect(answer.status).toBe(200)
        expect(answer.headers.get('x-aqueduct-ignored')).toMatch(/^messages\.content\.image(_url)?$/)
        const [sent] = gateway.simulator.journal.of('GenerateAssistantResponse')
        const { users } = readSentConversation(sent)
        expect(users.map(({ content }) => content)).toEqual([
          '[An image is left out here, as it cannot be seen.]',
          'go on',
        ])
        await gateway.close()
      }
    },
  )

  it('counts as an image in the count of tokens, where nothing is fetched', async () => {
    await start()
    const { model, messages } = requests['/v1/messages'].body('https://example.com/a.png')
    const answer = await gateway.postJson('/v1/messages/count_tokens', { model, messages })
    expect([answer.status, await answer.json()]).toEqual([200, { input_tokens: 1500 }])
  })
})
