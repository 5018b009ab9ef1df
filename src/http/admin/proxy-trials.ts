/** A test of a proxy, for the operator who sets one: what came back is not shown, and each test that was made is an event. */
import type { FastifyInstance } from 'fastify'
import { parseBody } from '../../dialects/request-body.ts'
import type { EventRecorder } from '../../events/event.ts'
import type { ProxyTrials } from '../../outbound/proxy-trials.ts'
import { parseProxyUrl } from '../../outbound/proxy-url.ts'
import { actorOf } from '../actor-of.ts'
import { answering } from './answering.ts'
import { refuseUnknownFields } from './refuse-unknown-fields.ts'
import { proxyTrialAnswer, proxyTrialBody } from './settings-contract.ts'

export interface ProxyTrialRouteParts {
  proxyTrials: ProxyTrials
  events: EventRecorder
}

export function registerProxyTrials(
  routes: FastifyInstance,
  { proxyTrials, events }: ProxyTrialRouteParts,
): void {
  routes.post('/v2/proxy/test', answering(proxyTrialAnswer), async (request) => {
    refuseUnknownFields(request.body, { shape: proxyTrialBody.shape, thing: 'a test of a proxy' })
    const { proxyUrl } = parseBody(proxyTrialBody, request.body)
    const result = await proxyTrials.run(proxyUrl)
    const { outcome } = result
    if (outcome === 'unused') return result
    // Never its name and password.
    const proxy = proxyUrl === undefined ? undefined : parseProxyUrl(proxyUrl)?.host
    await events.record({
      kind: 'proxy-tested',
      actor: actorOf(request),
      subject: { kind: 'setting', id: 'proxy' },
      after: { ...(proxy !== undefined && { proxy }), outcome },
    })
    return result
  })
}
