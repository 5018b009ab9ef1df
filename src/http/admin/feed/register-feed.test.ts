import fastify from 'fastify'
import { afterEach, expect, it } from 'vitest'
import { createFakeClock } from '../../../../test/fake-clock.ts'
import { GatewayError } from '../../../conversation/failures.ts'
import { createPeers, installPeers } from '../../peer.ts'
import { writeBySchema } from '../answering.ts'
import { registerFeed } from './register-feed.ts'

const app = fastify()
afterEach(() => app.close())

it('the feed ends within 30 seconds of the session that it was opened with', async () => {
  const clock = createFakeClock()
  const session = { isOver: false }
  const asked: string[] = []
  app.setSerializerCompiler(writeBySchema)
  installPeers(app, createPeers([]))
  registerFeed(app, {
    feed: { hasRoom: () => true, watch: () => () => {}, close: async () => {} },
    access: {
      async check({ route, path, headers }) {
        asked.push(`${route} ${path} ${String(headers['cookie'])}`)
        if (session.isOver) throw new GatewayError('unauthenticated', 'You are not signed in any more.')
        return { kind: 'operator', via: 'session' }
      },
    },
    clock,
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const answer = await fetch(`${url}/v2/feed`, { headers: { cookie: 'session=1' } })
  const text = answer.text()
  clock.advance(15_000)
  await new Promise((resolve) => setImmediate(resolve))
  session.isOver = true
  clock.advance(15_000)
  expect(await text).toBe('retry: 2000\n\n: ping\n\n')
  expect(asked).toEqual(['operator /v2/feed session=1', 'operator /v2/feed session=1'])
})
