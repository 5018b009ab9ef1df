import { fastify } from 'fastify'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { sampleModel } from '../../test/sample-model.ts'
import { images } from '../../test/sample-images.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { openaiChat } from '../dialects/openai-chat/index.ts'
import { createKeptAnswers } from '../kept-answers/kept-answers.ts'
import { replaceImageLinks } from '../remote-images/image-links.ts'
import { createClientUsage } from '../quotas/client-usage.ts'
import type { RemoteImages } from '../remote-images/remote-images.ts'
import { createAdmission } from './admission.ts'
import { registerChatRoutes } from './chat-routes.ts'
import { installErrorEdge } from './error-edge.ts'
import { createPeers, installPeers } from './peer.ts'
import { createBodyReader } from './read-body.ts'

const noKeptAnswers = createKeptAnswers({
  store: {
    insert: async () => {},
    find: async () => undefined,
    readThread: async () => ({ kind: 'unknown' }),
    findByItems: async () => [],
    remove: async () => false,
    expireExcess: async () => {},
    prune: async () => 0,
  },
  limits: { days: 0, answers: 0, bytes: 0 },
  isShared: false,
  clock: createFakeClock(),
  report: () => {},
  warn: () => {},
})
const url = 'https://example.com/a.png'

/** The routes before a relay that notes what it was asked for, and refuses. */
async function post(content: unknown, fetchAll: RemoteImages['fetchAll']) {
  const planned: Conversation[] = []
  const clock = createFakeClock()
  const app = fastify()
  installPeers(app, createPeers([]))
  installErrorEdge(app, [openaiChat])
  registerChatRoutes(app, {
    dialects: [openaiChat],
    admission: createAdmission({ maxConcurrent: 1 }),
    bodies: createBodyReader({
      clock,
      limits: { maxBytes: 10_000, maxBufferedBytes: 10_000, timeoutMs: 1000 },
    }),
    relay: {
      plan(conversation) {
        planned.push(conversation)
        throw new GatewayError('overloaded-here', 'No more today.')
      },
    },
    remoteImages: { fetchAll },
    models: { list: () => [], find: () => undefined, resolve: () => sampleModel },
    keptAnswers: noKeptAnswers,
    captures: { begin: () => undefined },
    limits: { admit: async () => {}, note: () => {}, headersFor: () => ({}), close: () => {} },
    clientUsage: createClientUsage({
      store: { add: async () => {}, listSince: async () => [], prune: async () => {} },
      clock,
      report: () => {},
    }),
    sessionOf: () => undefined,
    clock,
    newId: () => 'id',
    timings: { commitAfterMs: 1, pingIntervalMs: 1, drainTimeoutMs: 1 },
  })
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/chat/completions',
    payload: { model: 'm', messages: [{ role: 'user', content }] },
  })
  return { answer, planned }
}

describe('a chat with images by address', () => {
  const linked = [{ type: 'image_url', image_url: { url } }]

  it('is relayed with the images themselves', async () => {
    const asked: unknown[] = []
    const { planned } = await post(linked, async (conversation, { signal, clientKey }) => {
      asked.push([clientKey, signal.aborted])
      return replaceImageLinks(conversation, () => ({ kind: 'image', format: 'png', base64: images.png }))
    })
    expect(asked).toEqual([['address 127.0.0.1', false]])
    expect(planned.map(({ turns }) => turns)).toEqual([
      [{ role: 'user', parts: [{ kind: 'image', format: 'png', base64: images.png }] }],
    ])
  })

  it('is refused in the words of its API when they cannot be had, and not relayed', async () => {
    const { answer, planned } = await post(linked, async () => {
      throw new GatewayError('invalid-request', 'No.', { field: 'at', code: 'invalid_image_url' })
    })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({
      error: { message: 'No.', param: 'at', code: 'invalid_image_url', type: 'invalid_request_error' },
    })
    expect(planned).toEqual([])
  })

  it('is the only one for which anything is fetched', async () => {
    const { answer, planned } = await post('hi', async () => {
      throw new Error('Nobody asked for that.')
    })
    expect([answer.statusCode, planned.length]).toEqual([503, 1])
  })
})
