import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { CaptureDesk, CaptureState } from '../../captures/capture-desk.ts'
import { captureScopes, type CaptureScope } from '../../captures/capture-rule.ts'
import { MOST_OF_BODY } from '../../captures/captured-body.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { parseBody } from '../../dialects/request-body.ts'
import type { Keys } from '../../keys/keys.ts'
import { actorOf } from '../actor-of.ts'
import { answering } from './answering.ts'
import { captureBody, capturedBodiesAnswer, capturesAnswer, purgeAnswer } from './capture-contract.ts'
import { callPath } from './console-contract.ts'
import { packAnswer } from './pack-answer.ts'
import { takeNoBody } from './take-no-body.ts'

export interface CaptureRouteParts {
  captureDesk: CaptureDesk
  captureBounds: { mostCalls: number; mostBytes: number }
  keys: Pick<Keys, 'get'>
  /** Those that the environment names. */
  listedKeys: () => readonly { id: string }[]
}

const MOST_MINUTES = 1440
const givenPath = z.object({ scope: z.string() })

/** Switches on that bodies are kept for a while, and shows them. */
export function registerCaptures(routes: FastifyInstance, parts: CaptureRouteParts): void {
  const { captureDesk: desk, captureBounds: bounds } = parts
  const view = (state: CaptureState) => viewState(state, bounds)

  routes.get('/v2/captures', answering(capturesAnswer), async () => view(await desk.state()))
  routes.put(
    '/v2/captures/rules/:scope',
    { ...answering(capturesAnswer), onRequest: takeNoBody },
    async (request) => {
      const { minutes, keyId } = parseBody(captureBody, request.body ?? {})
      const scope = scopeOf(request)
      await checkKey(parts, scope, keyId)
      const wish = { scope, minutes, ...(keyId !== undefined && { keyId }) }
      return view(await desk.switchOn(wish, actorOf(request)))
    },
  )
  routes.delete('/v2/captures/rules/:scope', answering(capturesAnswer), async (request) =>
    view(await desk.switchOff(scopeOf(request), actorOf(request))),
  )
  routes.delete('/v2/captures', answering(purgeAnswer), async (request) => ({
    purged: await desk.purge(actorOf(request)),
  }))
  routes.get(
    '/v2/calls/:id/bodies',
    { ...answering(capturedBodiesAnswer), onSend: packAnswer },
    async (request) => {
      refuseReader(request)
      const {
        at,
        expiresAt,
        request: asked,
        answer,
        ...rest
      } = await desk.read(callPath.parse(request.params).id, actorOf(request))
      return {
        ...rest,
        at: toText(at),
        expiresAt: toText(expiresAt),
        request: asked ?? null,
        answer: answer ?? null,
      }
    },
  )
}

function scopeOf({ params }: FastifyRequest): CaptureScope {
  const { scope } = givenPath.parse(params)
  const known = captureScopes.find((each) => each === scope)
  if (known !== undefined) return known
  throw new GatewayError('not-found', 'There is no such scope: it is all, errors or key.', {
    code: 'scope_not_found',
  })
}

/** A rule for a key that nobody has would wait for what never comes. */
async function checkKey(
  { keys, listedKeys }: CaptureRouteParts,
  scope: CaptureScope,
  keyId: string | undefined,
): Promise<void> {
  const message = scope === 'key' ? 'keyId: Field required' : 'keyId: belongs to the scope key alone'
  if ((scope === 'key') !== (keyId !== undefined)) {
    throw new GatewayError('invalid-request', message, { field: 'keyId' })
  }
  if (keyId !== undefined && !listedKeys().some(({ id }) => id === keyId)) await keys.get(keyId)
}

/** What was said is more than the numbers that a token for reading is given out for. */
function refuseReader({ caller }: Pick<FastifyRequest, 'caller'>): void {
  if (caller?.kind !== 'operator' || caller.isReader !== true) return
  throw new GatewayError('forbidden', 'What was said in calls is not for tokens that only read.', {
    code: 'read_only_token',
  })
}

function viewState({ keepHours, rules, kept }: CaptureState, bounds: CaptureRouteParts['captureBounds']) {
  return {
    keepHours,
    rules: rules.map(({ keyId, startedAt, endsAt, ...rule }) => ({
      ...rule,
      keyId: keyId ?? null,
      startedAt: toText(startedAt),
      endsAt: toText(endsAt),
    })),
    kept: { ...kept, oldestAt: kept.oldestAt === undefined ? null : toText(kept.oldestAt) },
    most: {
      calls: bounds.mostCalls,
      bytes: bounds.mostBytes,
      bodyBytes: MOST_OF_BODY,
      minutes: MOST_MINUTES,
    },
  }
}

function toText(at: number): string {
  return new Date(at).toISOString()
}
