import type { FastifyInstance } from 'fastify'
import type { Accounts } from '../../accounts/accounts.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import { parseBody } from '../../dialects/request-body.ts'
import type { Claim, SignIns, StartWishes } from '../../sign-in/sign-ins.ts'
import { actorOf } from '../actor-of.ts'
import { HttpRefusal } from '../http-refusal.ts'
import { watchForLeaving } from '../watch-for-leaving.ts'
import { answering } from './answering.ts'
import { claimAnswer, signInAnswer, signInListAnswer, signInStartAnswer } from './answers.ts'
import { signInPath, startSignInBody, type StartSignInBody } from './contract.ts'
import { withModelIds, type ModelNames } from './model-ids.ts'
import { takeNoBody } from './take-no-body.ts'

export interface SignInRouteParts {
  signIns: Omit<SignIns, 'close'>
  accounts: Pick<Accounts, 'get'>
  models: ModelNames
}

/** Sign-ins by device authorization. The server polls by itself: nobody has to claim what was approved. */
export function registerSignIns(routes: FastifyInstance, parts: SignInRouteParts): void {
  const { signIns, models } = parts
  const stopping = new AbortController()
  routes.addHook('preClose', async () => stopping.abort())

  routes.post(
    '/v2/auth/start',
    { ...answering(signInStartAnswer), onRequest: takeNoBody },
    async (request) => {
      const body = parseBody(startSignInBody, request.body ?? {})
      return signIns.start(toWishes(withModelIds(body, models)), actorOf(request))
    },
  )
  routes.get('/v2/auth', answering(signInListAnswer), async () => {
    const list = await signIns.list()
    return { signIns: list, count: list.length }
  })
  routes.get('/v2/auth/status/:authId', answering(signInAnswer), async (request) =>
    signIns.status(idOf(request.params)),
  )
  routes.post(
    '/v2/auth/claim/:authId',
    { ...answering(claimAnswer), onRequest: takeNoBody },
    async (request, reply) => {
      const signal = AbortSignal.any([watchForLeaving(reply), stopping.signal])
      try {
        return await describeClaim(await signIns.claim(idOf(request.params), signal), parts)
      } catch (error) {
        throw stopping.signal.aborted ? goesOnElsewhere(error) : error
      }
    },
  )
  routes.post(
    '/v2/auth/cancel/:authId',
    { ...answering(signInAnswer), onRequest: takeNoBody },
    async (request) => {
      const view = await signIns.cancel(idOf(request.params))
      if (view !== undefined) return view
      throw HttpRefusal.keepOpen(
        'invalid-request',
        'The sign-in was approved already and becomes an account; remove that if you do not want it.',
        { status: 409, code: 'already_approved' },
      )
    },
  )
}

/** The first to see the end is told all; whoever asks again, how it ended. */
async function describeClaim(claim: Claim, { accounts }: SignInRouteParts): Promise<unknown> {
  switch (claim.kind) {
    case 'completed':
      return { status: 'completed', account: await accounts.get(claim.accountId) }
    case 'known': {
      const { status, accountId, error } = claim.view
      return { status, accountId, error }
    }
    case 'timeout':
      throw HttpRefusal.keepOpen('upstream-timeout', claim.message, { status: 408, code: 'sign_in_timeout' })
    case 'refused':
      throw new GatewayError('upstream-unavailable', claim.message)
    default:
      return unreachable(claim)
  }
}

function goesOnElsewhere(cause: unknown): GatewayError {
  return new GatewayError(
    'overloaded-here',
    'The gateway is stopping; the sign-in goes on when it is back.',
    {
      retryAfterSeconds: 2,
      cause,
    },
  )
}

function idOf(params: unknown): string {
  return signInPath.parse(params).authId
}

function toWishes(body: StartSignInBody): StartWishes {
  const { label, enabled, startUrl, region, accountId, ...settings } = body
  return {
    ...settings,
    ...(label != null && { label }),
    ...(enabled != null && { enabled }),
    ...(startUrl != null && { startUrl }),
    ...(region != null && { region }),
    ...(accountId != null && { accountId }),
  }
}
