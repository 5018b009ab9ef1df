/** What the documentation says of each route. A test fails when a route is served that nothing is said of. */
import * as z from 'zod'
import { messagesBody } from '../../dialects/anthropic-messages/schema.ts'
import { chatBody } from '../../dialects/openai-chat/schema.ts'
import {
  accountPath,
  createAccountBody,
  signInPath,
  startSignInBody,
  translateBody,
} from '../admin/contract.ts'
import {
  createTokenBody,
  newTokenView,
  passwordView,
  sessionView,
  setPasswordBody,
  signInBody,
  tokenList,
  tokenPath,
} from '../admin/operator-contract.ts'

export interface ServedRoute {
  method: string
  /** As the router knows it: `/v2/accounts/:id`. */
  path: string
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

export type RouteDescription = ServedRoute & Description

const model = 'Model APIs'
const accounts = 'Accounts'
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

const translation = z
  .looseObject({
    model: z.string().describe('The model that would answer'),
    account_id: z.string().nullable(),
    input_tokens: z.int().describe('Estimated'),
    request: z.looseObject({}).describe('Method, URL, headers without credentials, and body'),
    ignored: z.array(z.string()).describe('As in the header x-aqueduct-ignored'),
    findings: z.array(z.looseObject({})),
    notes: z.array(z.string()).describe('Where the request shown differs from the one that would be sent'),
  })
  .describe('OK')

const signInStart = z
  .looseObject({
    authId: z.string(),
    verificationUriComplete: z.string().describe('Where the person approves'),
    verificationUri: z.string(),
    userCode: z.string(),
    expiresIn: z.int().describe('Seconds'),
    interval: z.int().describe('Seconds between two polls of the server'),
  })
  .describe('OK')
const sessionList = z
  .looseObject({
    sessions: z.array(
      z.looseObject({
        id: z.string(),
        accountId: z.string(),
        standInId: z.string().optional(),
        since: z.string(),
        lastRequestAt: z.string(),
        requests: z.int(),
      }),
    ),
    count: z.int(),
  })
  .describe('OK')

const signInStatus = z
  .looseObject({
    status: z.enum(['pending', 'completed', 'timeout', 'error']),
    remaining: z.int().describe('Seconds'),
    error: z.string().nullable(),
    accountId: z.string().nullable(),
  })
  .describe('OK')

const streamed = 'With `stream: true` the answer is a server-sent stream (`text/event-stream`).'

/** What an operator does about access itself. */
function accessRoute(summary: string, shapes: Partial<Description>): Description {
  return { ...operatorRoute(summary, shapes), tags: [access] }
}

function operatorRoute(summary: string, shapes: Partial<Description> = {}): Description {
  return { summary, tags: [accounts], security: operator, response: { 200: anyObject }, ...shapes }
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
    body: messagesBody.omit({ max_tokens: true }),
    security: clientKey,
    response: { 200: z.looseObject({ input_tokens: z.int() }).describe('OK'), 400: anthropicError },
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
  'GET /v2/accounts': operatorRoute('All accounts', {
    querystring: z.object({
      enabled: z.boolean().optional(),
      sort_by: z.enum(['created_at', 'success_count']).optional(),
      sort_order: z.enum(['desc', 'asc']).optional(),
    }),
  }),
  'POST /v2/accounts': operatorRoute('Add an account', { body: createAccountBody }),
  'POST /v2/accounts/batch': operatorRoute('Add several accounts', {
    body: z.object({ accounts: z.array(createAccountBody) }),
  }),
  'POST /v2/accounts/feed': operatorRoute('Add several accounts, which are enabled once they were verified', {
    body: z.object({ accounts: z.array(createAccountBody) }),
  }),
  'GET /v2/accounts/:id': operatorRoute('One account', { params: accountPath }),
  'PATCH /v2/accounts/:id': operatorRoute('Change an account', {
    params: accountPath,
    body: createAccountBody.partial(),
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
    querystring: z.object({ refresh: z.boolean().optional() }),
  }),
  'POST /v2/accounts/:id/usage': operatorRoute('The same, asked of the service now', { params: accountPath }),
  'POST /v2/auth/start': operatorRoute('Begin a sign-in', {
    description:
      'A person opens `verificationUriComplete` and approves; the account appears by itself. Without `startUrl` it is an ' +
      'AWS Builder ID, with it (and `region`) an account of IAM Identity Center. `accountId` signs an account in again. ' +
      'The other fields set the account up.',
    body: startSignInBody,
    response: { 200: signInStart },
  }),
  'GET /v2/auth': operatorRoute('The sign-ins of the last day'),
  'GET /v2/auth/status/:authId': operatorRoute('How a sign-in stands', {
    params: signInPath,
    response: { 200: signInStatus },
  }),
  'POST /v2/auth/claim/:authId': operatorRoute('Wait for a sign-in, up to five minutes', {
    description:
      'The first call to see the end gets `{status, account}`, 408 when nobody approved, or 502 when the sign-in was ' +
      'refused; later calls get `{status, accountId, error}`.',
    params: signInPath,
  }),
  'POST /v2/auth/cancel/:authId': operatorRoute('Give a sign-in up', {
    params: signInPath,
    response: { 200: signInStatus },
  }),
  'GET /v2/sessions': operatorRoute('Which account each conversation is served by', {
    description:
      'Latest first. `id` is of no use to a client and tells nothing about the conversation; `standInId` serves it as ' +
      'long as its own account cannot; `requests` counts from `since` on. Each process has its own list.',
    response: { 200: sessionList },
  }),
  'GET /v2/session': accessRoute('How the caller is signed in', { response: { 200: sessionView } }),
  'POST /v2/session': accessRoute('Sign in with the password', {
    description:
      'Sets a cookie that pages cannot read. It lasts a week at most and twelve hours without a request, and ends with the ' +
      'password. Changes made with it need the header `x-aqueduct-csrf: 1`.',
    body: signInBody,
    security: [],
    response: { 200: sessionView.partial() },
  }),
  'DELETE /v2/session': accessRoute('Sign out', { response: { 200: anyObject } }),
  'POST /v2/password': accessRoute('Set the password', {
    description:
      '`current_password` is needed where one is set. Ends all sessions. A password of the environment goes before it.',
    body: setPasswordBody,
    response: { 200: passwordView },
  }),
  'GET /v2/tokens': accessRoute('The tokens for scripts, without their secrets', {
    response: { 200: tokenList },
  }),
  'POST /v2/tokens': accessRoute('Make a token for scripts', {
    description:
      'It is sent as `Authorization: Bearer`. `scope` is `read` (GET alone) or `full`; without `expires_in_days` it lasts a ' +
      'year. Tokens make no tokens.',
    body: createTokenBody,
    response: { 200: newTokenView },
  }),
  'DELETE /v2/tokens/:id': accessRoute('Take a token back', {
    params: tokenPath,
    response: { 200: anyObject },
  }),
  'POST /v2/translate': operatorRoute('What the model service would be sent for a request', {
    description:
      'Nothing is sent. `findings` lists the known rules of the service that the request would break. Images that the ' +
      'request names by their address are not fetched either, whatever FETCH_REMOTE_IMAGES says: a placeholder of one ' +
      'pixel stands for each, and `notes` says where.',
    body: translateBody,
    response: { 200: translation },
  }),
  'POST /v2/chat/test': operatorRoute('Chat Completions through one account, or any', {
    querystring: z.object({ account_id: z.string().optional() }),
    body: chatBody,
  }),
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
    .map(({ method, path }) => {
      const name = `${method} ${path}`
      return { method, path, ...(descriptions[name] ?? { summary: name, tags: [service] }) }
    })
}
