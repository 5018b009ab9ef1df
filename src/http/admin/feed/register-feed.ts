import type { FastifyInstance } from 'fastify'
import type { Access } from '../../../access/access.ts'
import type { Clock } from '../../../clock.ts'
import { GatewayError } from '../../../conversation/failures.ts'
import { accessRequestOf } from '../../guards.ts'
import { streamHeaders } from '../../response-writer.ts'
import { singleValues } from '../../single-values.ts'
import { answering } from '../answering.ts'
import { feedEvent } from './feed-event.ts'
import { openFeedViewer } from './feed-viewer.ts'
import type { Feed } from './feed.ts'

export interface FeedRouteParts {
  feed: Feed
  access: Access
  clock: Clock
}

/** What the console follows: a stream that ends with the session, with the gateway, or when its reader has gone. */
export function registerFeed(routes: FastifyInstance, { feed, access, clock }: FeedRouteParts): void {
  routes.addHook('preClose', () => feed.close())
  routes.get('/v2/feed', { ...answering(feedEvent), exposeHeadRoute: false }, (request, reply) => {
    if (!feed.hasRoom()) {
      throw new GatewayError('overloaded-here', 'As many watch this gateway as may: close another page.', {
        retryAfterSeconds: 30,
      })
    }
    const response = reply.raw
    reply.hijack()
    response.writeHead(200, { ...singleValues(reply.getHeaders()), ...streamHeaders })
    const checkAccess = () => access.check(accessRequestOf(request))
    const leave = feed.watch(openFeedViewer({ response, clock, checkAccess }))
    response.once('close', leave)
    if (response.destroyed) leave()
  })
}
