import type { FastifyInstance } from 'fastify'
import type { Accounts } from '../../accounts/accounts.ts'
import { invalidity, IS_HERE, type ImportedRow } from '../../accounts/import-accounts.ts'
import type { Verification } from '../../accounts/verification.ts'
import { GatewayError, toGatewayError } from '../../conversation/failures.ts'
import { parseBody } from '../../dialects/request-body.ts'
import type { Actor } from '../../events/event.ts'
import type { ChatRouteParts } from '../chat-routes.ts'
import type { Upstream } from '../../upstreams/upstream.ts'
import { actorOf } from '../actor-of.ts'
import { registerEvents, type EventRouteParts } from './events.ts'
import { registerSessions, type SessionRouteParts } from './sessions.ts'
import { registerCaptures, type CaptureRouteParts } from './captures.ts'
import { answering, writeList } from './answering.ts'
import {
  accountAnswer,
  accountChangesAnswer,
  accountListAnswer,
  accountPageAnswer,
  batchAnswer,
  feedAnswer,
  removalAnswer,
} from './answers.ts'
import {
  accountChangesQuery,
  accountPageQuery,
  accountPath,
  batchBody,
  changeAccountBody,
  feedBody,
  listQuery,
  writeCreationPlace,
} from './contract.ts'
import { registerFeed, type FeedRouteParts } from './feed/register-feed.ts'
import { registerHealthChecks, type HealthCheckRouteParts } from './health/register-health-checks.ts'
import { registerKeys, type KeyRouteParts } from './keys.ts'
import { withModelIds, type ModelNames } from './model-ids.ts'
import { registerModelList } from './model-list.ts'
import { packAnswer } from './pack-answer.ts'
import { createAccountReader, toNewAccount } from './read-account.ts'
import { registerProxyTrials, type ProxyTrialRouteParts } from './proxy-trials.ts'
import { refuseUnknownFields } from './refuse-unknown-fields.ts'
import { registerSecrets, type SecretRouteParts } from './secrets.ts'
import { registerOperatorRoutes, type OperatorRouteParts } from './operator.ts'
import { registerSetups } from './setups.ts'
import { registerSettings, type SettingsRouteParts } from './settings.ts'
import { registerSignIns, type SignInRouteParts } from './sign-ins.ts'
import { takeNoBody } from './take-no-body.ts'
import { registerCalls, type CallRouteParts } from './calls.ts'
import { registerTraffic, type TrafficRouteParts } from './traffic.ts'
import { registerTransfer, type TransferRouteParts } from './transfer.ts'
import { registerTranslate } from './translate.ts'
import { registerTrials } from './trial-routes.ts'
import { registerAccountUsage, type AccountUsageRouteParts } from './usage.ts'

export interface AccountRouteParts {
  accounts: Accounts
  verification: Verification
  quotas: AccountUsageRouteParts['quotas']
  signIns: SignInRouteParts['signIns']
  sessions: SessionRouteParts['sessions']
  events: EventRouteParts['events'] & TransferRouteParts['events']
  keys: KeyRouteParts['keys']
  listedKeys: KeyRouteParts['listedKeys']
  desk: OperatorRouteParts['desk']
  access: FeedRouteParts['access']
  feed: FeedRouteParts['feed']
  chat: ChatRouteParts
  models: ModelNames
  upstream: Pick<Upstream, 'usualProfile'>
  transfer: TransferRouteParts['transfer']
  envelopes: TransferRouteParts['envelopes']
  keyRotation: SecretRouteParts['keyRotation']
  traffic: TrafficRouteParts['traffic']
  latencies: TrafficRouteParts['latencies']
  inFlight: TrafficRouteParts['inFlight']
  captureDesk: CaptureRouteParts['captureDesk']
  captureBounds: CaptureRouteParts['captureBounds']
  measureHealth: HealthCheckRouteParts['measureHealth']
  callLog: CallRouteParts['callLog']
  callHistogram: CallRouteParts['callHistogram']
  settings: SettingsRouteParts['settings']
  readSystem: SettingsRouteParts['readSystem']
  proxyTrials: ProxyTrialRouteParts['proxyTrials']
}

/** The operator's routes. Bodies are JSON and say so: a page cannot send that elsewhere without asking first. */
export function registerAccountRoutes(app: FastifyInstance, parts: AccountRouteParts): void {
  void app.register(async (routes) => {
    registerMakingRoutes(routes, parts)
    registerListRoutes(routes, parts)
    registerSingleRoutes(routes, parts)
    registerAccountUsage(routes, { ...parts, clock: parts.chat.clock })
    registerSignIns(routes, parts)
    registerKeys(routes, { ...parts.chat, ...parts })
    registerOperatorRoutes(routes, parts)
    registerSessions(routes, parts)
    registerEvents(routes, parts)
    registerTraffic(routes, parts)
    registerCaptures(routes, parts)
    registerCalls(routes, { ...parts.chat, ...parts })
    registerFeed(routes, { ...parts, clock: parts.chat.clock })
    registerHealthChecks(routes, { ...parts, clock: parts.chat.clock })
    registerTrials(routes, parts.chat)
    registerModelList(routes, parts)
    registerTranslate(routes, { ...parts.chat, ...parts })
    registerTransfer(routes, {
      ...parts,
      clock: parts.chat.clock,
      readAccount: createAccountReader(parts.models),
    })
    registerSecrets(routes, parts)
    registerSetups(routes, parts)
    registerSettings(routes, parts)
    registerProxyTrials(routes, parts)
  })
}

function registerMakingRoutes(routes: FastifyInstance, parts: AccountRouteParts): void {
  const { accounts, verification, models } = parts
  const readAccount = createAccountReader(models)

  routes.post('/v2/accounts', answering(accountAnswer), async (request) =>
    accounts.create(readAccount(request.body), actorOf(request)),
  )
  routes.post('/v2/accounts/batch', answering(batchAnswer), async (request) => {
    const { accounts: bodies } = parseBody(batchBody, request.body)
    const results: BatchResult[] = []
    const add = (body: unknown) => addOne(parts, body, actorOf(request))
    for (const [index, body] of bodies.entries()) results.push({ index, ...(await add(body)) })
    return {
      created: results.filter(({ status }) => status === 'created').length,
      failed: results.filter(({ status }) => status !== 'created').length,
      results,
    }
  })
  routes.post('/v2/accounts/feed', answering(feedAnswer), async (request) => {
    const { accounts: bodies } = parseBody(feedBody, request.body)
    const inputs = bodies.map((body) => toNewAccount(body, models))
    const added = await verification.feed(inputs, actorOf(request))
    const created = added.filter(({ status }) => status === 'created')
    const known = added.length - created.length
    return {
      status: 'processing',
      message:
        `${created.length} accounts are stored and being checked; each is enabled when its sign-in works and Amazon Q does not refuse it.` +
        (known === 0 ? '' : ` ${known} were here already.`),
      account_ids: created.map(({ id }) => id),
    }
  })
}

type BatchOutcome = Omit<ImportedRow, 'row'>
type BatchResult = BatchOutcome & { index: number }

/** What is wrong with one account is its result; what is wrong here ends the batch. */
async function addOne(
  { accounts, models }: AccountRouteParts,
  body: unknown,
  by: Actor,
): Promise<BatchOutcome> {
  try {
    const added = await accounts.add(createAccountReader(models)(body), by)
    return added.status === 'created' ? added : { ...added, error: IS_HERE }
  } catch (error) {
    return { status: 'invalid', error: invalidity(error) }
  }
}

function registerListRoutes(routes: FastifyInstance, { accounts }: AccountRouteParts): void {
  const packed = { onSend: packAnswer }
  routes.get('/v2/accounts', { ...answering(accountListAnswer), ...packed }, async (request, reply) => {
    const { enabled, sort_by: sortBy, sort_order: sortOrder } = parseBody(listQuery, request.query)
    const list = await accounts.list({ ...(enabled !== undefined && { enabled }), sortBy, sortOrder })
    const text = await writeList(accountAnswer, list)
    // What is a text already is not made one again: that would hold up all else for as long as the list is.
    reply.type('application/json; charset=utf-8')
    return `{"accounts":${text},"count":${list.length}}`
  })
  routes.get('/v2/accounts/page', { ...answering(accountPageAnswer), ...packed }, async (request) => {
    const { enabled, sort_order: order, limit, cursor } = parseBody(accountPageQuery, request.query)
    const { next, ...page } = await accounts.page({
      order,
      limit,
      ...(enabled !== undefined && { enabled }),
      ...(cursor !== undefined && { after: cursor }),
    })
    return { ...page, nextCursor: next === undefined ? null : writeCreationPlace(next) }
  })
  routes.get('/v2/accounts/changes', { ...answering(accountChangesAnswer), ...packed }, async (request) => {
    const { since, limit } = parseBody(accountChangesQuery, request.query)
    const { accounts: changed = null, ...rest } = await accounts.changedSince(since, limit)
    return { accounts: changed, ...rest }
  })
}

function registerSingleRoutes(routes: FastifyInstance, { accounts, models }: AccountRouteParts): void {
  routes.get('/v2/accounts/:id', answering(accountAnswer), async (request) =>
    accounts.get(idOf(request.params)),
  )
  routes.patch('/v2/accounts/:id', answering(accountAnswer), async (request) => {
    refuseUnknownFields(request.body, { shape: changeAccountBody.shape, thing: 'an account' })
    return accounts.change(
      idOf(request.params),
      withModelIds(parseBody(changeAccountBody, request.body), models),
      actorOf(request),
    )
  })
  routes.delete('/v2/accounts/:id', answering(removalAnswer), async (request) => {
    const id = idOf(request.params)
    await accounts.remove(id, actorOf(request))
    return { deleted: id }
  })
  routes.post(
    '/v2/accounts/:id/refresh',
    { ...answering(accountAnswer), onRequest: takeNoBody },
    async (request) => {
      try {
        return await accounts.refresh(idOf(request.params))
      } catch (error) {
        throw toRefusedRefresh(error)
      }
    },
  )
}

function idOf(params: unknown): string {
  return accountPath.parse(params).id
}

/** The operator is told 502 with the reason; 402 is for clients, who cannot do anything about it. */
function toRefusedRefresh(error: unknown): unknown {
  const { failure } = toGatewayError(error)
  return failure.kind === 'sign-in-needed' || failure.kind === 'access-denied'
    ? new GatewayError('upstream-unavailable', failure.message, { cause: error })
    : error
}
