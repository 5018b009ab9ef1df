/** Turns a request into a journalled call and hands it to the operation that it asks for. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerPlainly, refuse, sendJson } from './answers.ts'
import { findRoute } from './bindings.ts'
import { type Call, watchCall } from './call.ts'
import { modelsOf } from './callers.ts'
import { answerChat, type ChatParts, contextOf } from './chat.ts'
import type { Account, Identity } from './identity.ts'
import { fingerprint, type JournalWriter, maskSecrets } from './journal.ts'
import { listModels } from './models.ts'
import { modelListRequest } from './model-list-request.ts'
import type { Oidc, OidcAnswer } from './oidc.ts'
import { isOidcErrorName, oidcErrors } from './oidc-errors.ts'
import { INVALID_BEARER } from './refusal.ts'
import { answerFor } from './replies/behaviour.ts'
import { wait } from './replies/player.ts'
import type { SwitchBoard } from './switches.ts'
import { unreachable } from './unreachable.ts'

export interface ServiceParts extends ChatParts {
  identity: Identity
  journal: JournalWriter
  oidc: Oidc
  switches: SwitchBoard
}

/** Answers any request that is not for the control routes. */
export function createServices(parts: ServiceParts) {
  const openCalls = new Map<string, number>()

  function begin(request: IncomingMessage, response: ServerResponse, body: Buffer): Call {
    const { journal, clock, identity, ids } = parts
    const switches = parts.switches.current()
    const url = new URL(request.url ?? '/', 'http://simulator')
    const route = findRoute(request, url.pathname)
    const json = parseJson(body)
    const account = findCaller(request, identity)
    const requestId = ids.requestId()
    response.setHeader('x-amzn-requestid', requestId)
    const chat = account !== undefined && route.operation === 'GenerateAssistantResponse'
    const concurrency = chat ? (openCalls.get(account.id) ?? 0) + 1 : 0
    if (chat) openCalls.set(account.id, concurrency)
    const entry = journal.open({
      receivedAt: clock.now(),
      operation: route.operation,
      binding: route.binding,
      method: request.method ?? '',
      path: request.url ?? '',
      headers: keepHeaders(request, account),
      body: switches.journalBodies ? maskBody(route.operation, json) : undefined,
      bodyBytes: body.length,
      accountId: account?.id,
      concurrency,
      violations: [],
      outcome: { kind: 'pending' },
    })
    const watched = watchCall({ entry, response, journal, clock }, () => {
      if (chat) openCalls.set(account.id, (openCalls.get(account.id) ?? 1) - 1)
    })
    return { request, response, route, url, body, json, account, requestId, switches, entry, ...watched }
  }

  async function answer(call: Call): Promise<void> {
    const { refusal, operation } = call.route
    if (refusal !== undefined || operation === 'Unknown') {
      return refuse(call, refusal ?? { name: 'UnknownOperationException', message: 'No such operation.' })
    }
    if (call.body.length > call.switches.limits.frontEndBodyBytes) {
      const message = 'Failed to buffer the request body: length limit exceeded'
      return refuse(call, { name: 'ValidationException', message, status: 413 })
    }
    if (operation === 'GenerateAssistantResponse') return answerChat(call, parts)
    if (await answerAsPlanned(call, parts)) return
    if (operation === 'ListAvailableModels') return answerModels(call, parts)
    answerOidc(call, parts)
  }

  return {
    async handle(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
      const call = begin(request, response, body)
      try {
        await answer(call)
      } catch (cause) {
        call.note.crashed(cause instanceof Error ? cause.message : String(cause))
        response.destroy()
      }
    },
  }
}

/** A plan for an operation other than chat: a delay, an error, a page, or no answer. True when it answered. */
async function answerAsPlanned(call: Call, parts: ServiceParts): Promise<boolean> {
  const { plans, clock } = parts
  const { operation } = call.route
  const { behaviour, delivery } = plans.choose({ operation, accountId: call.account?.id, prompt: '' })
  await wait(delivery.headersDelayMs, { time: clock, signal: call.signal })
  if (behaviour === undefined) return call.signal.aborted
  const planned = answerFor(behaviour, contextOf(call, parts, ''))
  switch (planned.kind) {
    case 'refusal':
      if (operation === 'ListAvailableModels') refuse(call, planned.refusal)
      else sendOidcError(call, { name: planned.refusal.name, description: planned.refusal.message })
      return true
    case 'hang':
    case 'json':
    case 'no-answer':
    case 'page':
      answerPlainly(call, planned)
      return true
    case 'echo':
    case 'stream':
      return false
    default:
      return unreachable(planned)
  }
}

function answerModels(call: Call, { models }: ServiceParts): void {
  if (call.account === undefined) return refuse(call, INVALID_BEARER)
  const asked = modelListRequest(call.route.binding === 'aws-json' ? call.json : call.url.searchParams)
  if (asked === undefined) {
    const message = 'Improperly formed request.'
    return refuse(call, { name: 'ValidationException', message, reason: 'REQUEST_BODY_INVALID' })
  }
  sendJson(call, listModels(modelsOf(call.account, models), asked))
}

function answerOidc(call: Call, { oidc, journal }: ServiceParts): void {
  const answer = askOidc(call, oidc)
  if (answer.kind === 'error') return sendOidcError(call, answer)
  call.entry.accountId = answer.accountId
  if (answer.refreshed === true && answer.accountId !== undefined) journal.noteRefresh(answer.accountId)
  sendJson(call, answer.body)
}

function askOidc({ route, json, request }: Call, oidc: Oidc): OidcAnswer {
  const origin = `http://${request.headers.host ?? 'localhost'}`
  if (route.operation === 'RegisterClient') return oidc.registerClient(json)
  if (route.operation === 'StartDeviceAuthorization') return oidc.startDeviceAuthorization(json, origin)
  return oidc.createToken(json)
}

function sendOidcError(call: Call, { name, description }: { name: string; description: string }): void {
  const { status, error } = isOidcErrorName(name) ? oidcErrors[name] : { status: 500, error: 'server_error' }
  call.response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name })
  call.response.end(JSON.stringify({ error, error_description: description }))
  call.note.refused({ status, name, reason: null })
}

function findCaller(request: IncomingMessage, identity: Identity): Account | undefined {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined) return undefined
  return identity.findAccount(token)
}

function keepHeaders(request: IncomingMessage, account: Account | undefined): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) kept[name] = Array.isArray(value) ? value.join(', ') : value
  }
  const { authorization } = kept
  if (authorization === undefined) return kept
  return { ...kept, authorization: account ? `account:${account.id}` : fingerprint(authorization) }
}

const CHAT_OPERATIONS = new Set(['GenerateAssistantResponse', 'ListAvailableModels'])

function maskBody(operation: string, json: unknown): unknown {
  return CHAT_OPERATIONS.has(operation) ? json : maskSecrets(json)
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
