/** What the documentation says of each route. A test fails when a route is served that nothing is said of. */
import * as z from 'zod'
import { messagesBody, promptBody } from '../../dialects/anthropic-messages/schema.ts'
import { chatBody } from '../../dialects/openai-chat/schema.ts'
import { promptBody as responsesPromptBody, responsesBody } from '../../dialects/openai-responses/schema.ts'
import {
  accountChangesQuery,
  accountPageQuery,
  accountPath,
  changeAccountBody,
  createAccountBody,
  eventsQuery,
  exportBody,
  feedBody,
  importBody,
  listQuery,
  rotateBody,
  signInPath,
  startSignInBody,
  translateBody,
  trialQuery,
  usageQuery,
  verifyEventsQuery,
} from '../admin/contract.ts'
import { captureBody, capturePath } from '../admin/capture-contract.ts'
import {
  callExportQuery,
  callHistogramQuery,
  callsQuery,
  latencyQuery,
  trafficQuery,
} from '../admin/console-contract.ts'
import { changeKeyBody, createKeyBody, keyPath, rotateKeyBody } from '../admin/key-contract.ts'
import { inputItemsQuery, keptAnswerPath, keptAnswerQuery } from '../kept-answer-routes.ts'
import { setupsQuery } from '../admin/setup-contract.ts'
import { changeSettingsBody, proxyTrialBody } from '../admin/settings-contract.ts'
import {
  createTokenBody,
  operatorSessionPath,
  setPasswordBody,
  signInBody,
  tokenPath,
} from '../admin/operator-contract.ts'

export interface ServedRoute {
  method: string
  /** As the router knows it: `/v2/accounts/:id`. */
  path: string
  /** What it answers, by status, where the route itself says so. */
  answers?: unknown
}

type Security = Record<string, string[]>[]

interface Description {
  summary: string
  description?: string
  tags: [string]
  body?: z.ZodType
  params?: z.ZodType
  querystring?: z.ZodType
  security?: Security
  response?: Record<number, z.ZodType>
}

export type RouteDescription = Omit<ServedRoute, 'answers'> &
  Omit<Description, 'response'> & { response?: unknown }

const model = 'Model APIs'
const accounts = 'Accounts'
const keys = 'Keys'
const service = 'Service'
const access = 'Access'
const clientKey: Security = [{ bearer: [] }, { apiKey: [] }]
const operator: Security = [{ operator: [] }]

const openaiError = z
  .looseObject({
    error: z.looseObject({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
  })
  .describe('What went wrong, and which field is at fault')
const anthropicError = z
  .looseObject({
    type: z.literal('error'),
    error: z.looseObject({ type: z.string(), message: z.string() }),
    request_id: z.string(),
  })
  .describe('What went wrong, and which field is at fault')
const anyObject = z.looseObject({}).describe('OK')

const health = z
  .looseObject({
    status: z.literal('ok'),
    version: z.string(),
    database: z.enum(['ok', 'unavailable']),
    accounts: z.looseObject({ usable: z.int() }),
  })
  .describe('The process serves')

const streamed = 'With `stream: true` the answer is a server-sent stream (`text/event-stream`).'

const trial =
  'As clients ask, and in the log of calls with the `keyId` `operator`; it counts as no traffic of clients, and no key limits it.'

/** What an operator does about access itself. */
function accessRoute(summary: string, shapes: Partial<Description>): Description {
  return { ...operatorRoute(summary, shapes), tags: [access] }
}

function operatorRoute(summary: string, shapes: Partial<Description> = {}): Description {
  return { summary, tags: [accounts], security: operator, response: { 200: anyObject }, ...shapes }
}

function serviceRoute(summary: string, shapes: Partial<Description> = {}): Description {
  return { ...operatorRoute(summary, shapes), tags: [service] }
}

const onlyOnce = 'The answer has the key in `key`, this once: it is not stored and cannot be shown again.'

function keyRoute(summary: string, shapes: Partial<Description> = {}): Description {
  return operatorRoute(summary, { tags: [keys], ...shapes })
}

/** By method and path. */
const descriptions: Readonly<Record<string, Description>> = {
  'POST /v1/chat/completions': {
    summary: 'OpenAI Chat Completions',
    description: streamed,
    tags: [model],
    body: chatBody,
    security: clientKey,
    response: { 200: anyObject, 400: openaiError },
  },
  'POST /v1/messages': {
    summary: 'Anthropic Messages',
    description: streamed,
    tags: [model],
    body: messagesBody,
    security: clientKey,
    response: { 200: anyObject, 400: anthropicError },
  },
  'POST /v1/messages/count_tokens': {
    summary: 'Anthropic token counting, near but not exact',
    tags: [model],
    body: promptBody,
    security: clientKey,
    response: { 200: z.looseObject({ input_tokens: z.int() }).describe('OK'), 400: anthropicError },
  },
  'POST /v1/responses': {
    summary: 'OpenAI Responses',
    description: `${streamed} WebSockets are refused with 426.`,
    tags: [model],
    body: responsesBody,
    security: clientKey,
    response: { 200: anyObject, 400: openaiError },
  },
  'POST /v1/responses/compact': {
    summary: 'A summary that stands for a conversation',
    tags: [model],
    body: responsesBody,
    security: clientKey,
    response: { 200: anyObject, 400: openaiError },
  },
  'POST /v1/responses/input_tokens': {
    summary: 'OpenAI token counting, near but not exact',
    tags: [model],
    body: responsesPromptBody,
    security: clientKey,
    response: { 200: z.looseObject({ input_tokens: z.int() }).describe('OK'), 400: openaiError },
  },
  'GET /v1/responses/:id': {
    summary: 'A response that is kept',
    description:
      'Responses are kept unless `store: false` says otherwise, for as long and as many as RESPONSES_KEEP_DAYS, ' +
      'RESPONSES_KEEP_PER_KEY and RESPONSES_KEEP_MEGABYTES_PER_KEY say, and for the key that asked for them alone.',
    tags: [model],
    params: keptAnswerPath,
    querystring: keptAnswerQuery,
    security: clientKey,
    response: { 200: anyObject, 404: openaiError },
  },
  'DELETE /v1/responses/:id': {
    summary: 'Delete a response',
    description: 'What was said in it is erased when no other response goes on from it.',
    tags: [model],
    params: keptAnswerPath,
    security: clientKey,
    response: { 200: anyObject, 404: openaiError },
  },
  'GET /v1/responses/:id/input_items': {
    summary: 'What a response was made from, earlier turns included',
    tags: [model],
    params: keptAnswerPath,
    querystring: inputItemsQuery,
    security: clientKey,
    response: { 200: anyObject, 404: openaiError },
  },
  'POST /v1/responses/:id/cancel': {
    summary: 'Refused: no response is made in the background',
    tags: [model],
    params: keptAnswerPath,
    security: clientKey,
    response: { 400: openaiError, 404: openaiError },
  },
  'GET /v1/models': {
    summary: 'The models, in the shapes of both APIs',
    tags: [model],
    security: clientKey,
    response: { 200: anyObject },
  },
  'GET /v1/models/*': {
    summary: 'One model, by its id, which may hold slashes',
    tags: [model],
    params: z.object({ '*': z.string() }),
    security: clientKey,
    response: { 200: anyObject, 404: openaiError },
  },
  'GET /v1/usage': {
    summary: 'What this key has used today and this month, by model',
    description: 'Days and months are those of UTC. While no key is asked for, all clients are one.',
    tags: [model],
    security: clientKey,
    response: { 200: anyObject },
  },
  'GET /healthz': {
    summary: 'Whether the process serves, and how many accounts can',
    tags: [service],
    response: { 200: health },
  },
  'GET /api/hello': {
    summary: 'What Claude Code asks first',
    tags: [service],
    response: { 200: anyObject },
  },
  'GET /v2/accounts': operatorRoute('All accounts', { querystring: listQuery }),
  'GET /v2/accounts/page': operatorRoute('Accounts in pages', {
    description: 'In order of creation, the latest first. `nextCursor` is null on the last page.',
    querystring: accountPageQuery,
  }),
  'GET /v2/accounts/changes': operatorRoute('Accounts that have changed', {
    description:
      'Since a `revision` that a page or this has answered. Refreshed tokens, successes and quotas do not count; accounts that were removed show in `total` alone.',
    querystring: accountChangesQuery,
  }),
  'POST /v2/accounts': operatorRoute('Add an account', { body: createAccountBody }),
  'POST /v2/accounts/batch': operatorRoute('Add several accounts', {
    description: 'Each is judged by itself, and has its result.',
    body: feedBody,
  }),
  'POST /v2/accounts/feed': operatorRoute('Add several accounts, which are enabled once they were verified', {
    body: feedBody,
  }),
  'POST /v2/accounts/export': operatorRoute('All accounts, to be taken elsewhere', {
    description:
      'Without secrets, as JSON or CSV, unless `include_secrets` asks for them: then with a `passphrase` of 12 characters or ' +
      'more, by which the answer is encrypted, and with the operator `password` again where the caller has a session or a token.',
    body: exportBody,
  }),
  'POST /v2/accounts/import': operatorRoute('Add the accounts of an export', {
    description:
      'An account whose client and refresh token are here already is left alone, so it may be sent again.',
    body: importBody,
  }),
  'POST /v2/secrets/rotate': operatorRoute('Rotate a key of the secrets at rest', {
    description:
      '`data`: values are sealed with a new key from now on, those that are stored follow in the background. `master`: the data ' +
      'keys are wrapped by another master key. Nothing stops meanwhile.',
    body: rotateBody,
  }),
  'GET /v2/settings': serviceRoute('All settings, what holds, and why', {
    description:
      'The environment goes before what is set here, and that before the defaults. Secrets are not shown.',
  }),
  'PATCH /v2/settings': serviceRoute('Change settings', {
    description:
      'All of them or none. They hold within a second or so in every process, or after a restart where `applies` says so. ' +
      'Answers like the reading; 409 if somebody has changed settings since `revision`.',
    body: changeSettingsBody,
  }),
  'POST /v2/proxy/test': serviceRoute('Test a proxy', {
    description:
      'Makes one call through it to the host of the service, without any account, within ten seconds, and tells how that ended; ' +
      'what came back is not shown. Six a minute at most; each is an event.',
    body: proxyTrialBody,
  }),
  'GET /v2/system': serviceRoute('Version, database and keys of the secrets at rest'),
  'GET /v2/accounts/:id': operatorRoute('One account', { params: accountPath }),
  'PATCH /v2/accounts/:id': operatorRoute('Change an account', {
    params: accountPath,
    body: changeAccountBody,
  }),
  'DELETE /v2/accounts/:id': operatorRoute('Remove an account', { params: accountPath }),
  'POST /v2/accounts/:id/refresh': operatorRoute('Refresh the tokens of an account now', {
    params: accountPath,
  }),
  'GET /v2/accounts/:id/usage': operatorRoute('What an account has used and may still spend', {
    description:
      'As it was read last, less what answers have cost since. With `refresh=1` the service is asked now. `error` says why ' +
      'the last reading failed. What the service does not tell is null: unknown, not used up.',
    params: accountPath,
    querystring: usageQuery,
  }),
  'POST /v2/accounts/:id/usage': operatorRoute('The same, asked of the service now', { params: accountPath }),
  'POST /v2/auth/start': operatorRoute('Begin a sign-in', {
    description:
      'A person opens `verificationUriComplete` and approves; the account appears by itself. Without `startUrl` it is an ' +
      'AWS Builder ID, with it (and `region`) an account of IAM Identity Center. `accountId` signs an account in again. ' +
      'The other fields set the account up.',
    body: startSignInBody,
  }),
  'GET /v2/auth': operatorRoute('The sign-ins of the last day'),
  'GET /v2/auth/status/:authId': operatorRoute('How a sign-in stands', {
    params: signInPath,
  }),
  'POST /v2/auth/claim/:authId': operatorRoute('Wait for a sign-in, up to five minutes', {
    description:
      'The first call to see the end gets `{status, account}`, 408 when nobody approved, or 502 when the sign-in was ' +
      'refused; later calls get `{status, accountId, error}`.',
    params: signInPath,
  }),
  'POST /v2/auth/cancel/:authId': operatorRoute('Give a sign-in up', {
    params: signInPath,
  }),
  'GET /v2/keys': keyRoute('All keys of clients that were created here'),
  'POST /v2/keys': keyRoute('Create a key', {
    description: `${onlyOnce} From the first key on, the model APIs demand one.`,
    body: createKeyBody,
  }),
  'GET /v2/keys/:id': keyRoute('One key', { params: keyPath }),
  'PATCH /v2/keys/:id': keyRoute('Change a key', {
    description: 'Null takes a limit away.',
    params: keyPath,
    body: changeKeyBody,
  }),
  'DELETE /v2/keys/:id': keyRoute('Revoke a key for good', {
    description: 'It stays listed, with what it has used.',
    params: keyPath,
  }),
  'POST /v2/keys/:id/rotate': keyRoute('Replace the secret of a key', {
    description: `${onlyOnce} The one so far works for \`grace_seconds\` more, a day if nothing is said; 0 ends it at once.`,
    params: keyPath,
    body: rotateKeyBody,
  }),
  'GET /v2/sessions': operatorRoute('Which account each conversation is served by', {
    description:
      'Latest first. `id` is of no use to a client and tells nothing about the conversation; `standInId` serves it as ' +
      'long as its own account cannot; `requests` counts from `since` on. Each process has its own list.',
  }),
  'GET /v2/events': operatorRoute('What happened to accounts, keys and settings, and who did it', {
    description:
      'Latest first. `subject` and `actor` are looked for as plain text: in the id and name of what it happened to, and in ' +
      'what is known of who did it. `since` is inclusive, `until` is not. A page may be short although `nextCursor` says ' +
      'that there is more: each request searches 5000 entries.',
    querystring: eventsQuery,
  }),
  'GET /v2/events/verify': operatorRoute('Whether the events were tampered with', {
    description:
      'Oldest first, 1000 at once; go on with `nextCursor`. `problems` names entries that were `changed`, whose predecessor ' +
      'is not the one that was there (`broken`), or after which the end is missing (`cut-off`).',
    querystring: verifyEventsQuery,
  }),
  'GET /v2/traffic': operatorRoute('How many requests there were, and how they ended', {
    description:
      'Requests of clients to the model APIs, counted when they have ended, of all processes together and a second or two ' +
      'old. Times to the first token are right to an eighth.',
    querystring: trafficQuery,
  }),
  'GET /v2/traffic/latency': operatorRoute('How long requests of one model, API or account took', {
    description:
      'Read from the log of calls when it is asked for, the newest first, 20,000 at most; `since` says how far back that went. ' +
      '`account` is of those that were tried with it. Times are right to an eighth.',
    querystring: latencyQuery,
  }),
  'GET /v2/traffic/top': operatorRoute('Which models and which keys were used the most', {
    description:
      'Those that lead by requests, by tokens or by failures. Of up to an hour by the minute, of more in whole hours. Two ' +
      'hundred models and two hundred keys an hour have a name, the others are counted together.',
    querystring: trafficQuery,
  }),
  'GET /v2/traffic/accounts': operatorRoute('How requests went through each account in the last day', {
    description:
      'In whole hours, up to the one that goes on; of all processes together and some seconds old. Times to the first ' +
      'token are right to an eighth. `inFlight` is that of the process that answers, in this moment.',
  }),
  'GET /v2/traffic/accounts/:id': operatorRoute('The same of one account, hour by hour', {
    params: z.object({ id: z.string() }),
  }),
  'GET /v2/calls': operatorRoute('The requests of clients, without anything that was said', {
    description:
      'Latest first, by when they had ended. `account` finds those that it was tried for. `since` is inclusive, `until` is ' +
      'not. They are kept as CALLS_KEEP_DAYS and CALLS_KEEP_ROWS say. A page may be short although `nextCursor` says that ' +
      'there is more: with several filters, each request searches 1000 calls. `status` is a class such as `5xx`; `client` a ' +
      'program, with or without its version; `search` a part of the name of a failure, or the beginning of an id. ' +
      '`trials=exclude` leaves out what operators have tried out.',
    querystring: callsQuery,
  }),
  'GET /v2/calls/histogram': operatorRoute('How many of them ended how, step by step over a time', {
    description:
      'With a filter, each request counts some thousands of calls, the newest first: while there is a `nextCursor`, ask once ' +
      'more with it, and add the steps up.',
    querystring: callHistogramQuery,
  }),
  'GET /v2/calls/export': operatorRoute('The same as a file', {
    description: 'Latest first, 100,000 at most, sent as they are read.',
    querystring: callExportQuery,
  }),
  'GET /v2/calls/:id': operatorRoute('One of them, with which accounts were tried, and why those', {
    description: 'Times in `attempts` are milliseconds since the call began to be played.',
    params: z.object({ id: z.string() }),
  }),
  'GET /v2/calls/:id/bodies': operatorRoute('What was said in one of them, where that was recorded', {
    description:
      'Without what looks like a secret, and without images. Each reading is an event. 404 where nothing is kept of the call; ' +
      '403 for tokens that only read.',
    params: z.object({ id: z.string() }),
  }),
  'GET /v2/captures': operatorRoute('Whether what is said in calls is recorded, and how much of it is kept'),
  'PUT /v2/captures/rules/:scope': operatorRoute('Record what is said in calls for some minutes', {
    description:
      'Scopes: `all` calls, `errors` for those that fail, `key` for those of the key `keyId`; one rule of each. It ends by ' +
      'itself. Request and answer are kept encrypted, up to 64 kB each, for CAPTURE_KEEP_HOURS.',
    params: capturePath,
    body: captureBody,
  }),
  'DELETE /v2/captures/rules/:scope': operatorRoute('End that before its time', { params: capturePath }),
  'DELETE /v2/captures': operatorRoute('Forget all that was recorded'),
  'GET /v2/quota': operatorRoute('What all accounts together may still spend, and how long that will last', {
    description:
      'As if the credits of all accounts were spent at their common pace of the last seven days; each renewal to come brings ' +
      'back what its account lacks today. Some minutes old.',
  }),
  'GET /v2/health-checks': operatorRoute('What the gateway stands on, measured now', {
    description:
      'The database (one query), free room for data, how late the event loop comes in 0.3 seconds, memory, the clock beside ' +
      'that of the sign-in service, whether proxies take connections, and the last refresh of a token. Of the process that ' +
      'answers; measured once in five seconds at most.',
  }),
  'GET /v2/setups': operatorRoute('What to write into which client', {
    description:
      'For every client that has a guide: settings and commands as templates, with slots for the address of the gateway and ' +
      'a key, the request that the client begins with, and how its requests are known.',
    querystring: setupsQuery,
  }),
  'GET /v2/feed': operatorRoute('How the gateway stands, once a second', {
    description:
      'A server-sent stream. `snapshot` tells how it stands, `change` which lists are worth asking for again. It ends with ' +
      'the session; at most 50 watch at once. Numbers of requests under way are those of the process that answers.',
  }),
  'GET /v2/session': accessRoute('How the caller is signed in', {}),
  'POST /v2/session': accessRoute('Sign in with the password', {
    description:
      'Sets a cookie that pages cannot read. It lasts a week at most and twelve hours without a request, and ends with the ' +
      'password. The feed, and reading with the header `x-aqueduct-unattended: 1`, do not count as requests for that. Changes made with it need the header `x-aqueduct-csrf: 1`.',
    body: signInBody,
    security: [],
  }),
  'DELETE /v2/session': accessRoute('Sign out', {}),
  'POST /v2/password': accessRoute('Set the password', {
    description:
      '`current_password` is needed where one is set. Ends all sessions. A password of the environment goes before it.',
    body: setPasswordBody,
  }),
  'GET /v2/operator-sessions': accessRoute('Who is signed in by the password, one entry a browser', {}),
  'DELETE /v2/operator-sessions/:id': accessRoute('End a session', {
    description: 'Tokens end none.',
    params: operatorSessionPath,
  }),
  'GET /v2/tokens': accessRoute('The tokens for scripts, without their secrets', {}),
  'POST /v2/tokens': accessRoute('Make a token for scripts', {
    description:
      'It is sent as `Authorization: Bearer`. `scope` is `read` (GET alone) or `full`; without `expires_in_days` it lasts a ' +
      'year. Tokens make no tokens.',
    body: createTokenBody,
  }),
  'DELETE /v2/tokens/:id': accessRoute('Take a token back', {
    params: tokenPath,
  }),
  'POST /v2/translate': operatorRoute('What the model service would be sent for a request', {
    description:
      'Nothing is sent. `findings` lists the known rules of the service that the request would break. Images that the ' +
      'request names by their address are not fetched either, whatever FETCH_REMOTE_IMAGES says: a placeholder of one ' +
      'pixel stands for each, and `notes` says where.',
    body: translateBody,
  }),
  'POST /v2/chat/test': operatorRoute('Chat Completions through one account, or any', {
    description: trial,
    querystring: trialQuery,
    body: chatBody,
  }),
  'POST /v2/responses/test': operatorRoute('OpenAI Responses, likewise', {
    description: trial,
    querystring: trialQuery,
    body: responsesBody,
  }),
  'POST /v2/messages/test': operatorRoute('Anthropic Messages, likewise', {
    description: trial,
    querystring: trialQuery,
    body: messagesBody,
  }),
  'GET /v2/models': operatorRoute('The models that clients can ask for, and what each takes'),
}

/** Aliases, the documentation itself, and what Fastify adds by itself need no words. */
function isHidden({ method, path }: ServedRoute): boolean {
  const plain = path.replace(/^(\/(anthropic|openai|v1))*\//, '/v1/')
  const isAlias = path !== plain && descriptions[`${method} ${plain}`] !== undefined
  return isAlias || method === 'HEAD' || /^\/(docs|openapi\.json)/.test(path)
}

/** Every route that is served, with what is said of it; one that nothing is said of has its method and path as summary. */
export function describeRoutes(served: readonly ServedRoute[]): RouteDescription[] {
  return served
    .filter((route) => !isHidden(route))
    .map(({ method, path, answers }) => {
      const name = `${method} ${path}`
      const description = descriptions[name] ?? { summary: name, tags: [service] }
      return { method, path, ...description, ...(answers !== undefined && { response: answers }) }
    })
}
