/** Turns a request into a journalled call and hands it to the operation that it asks for. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerInquiry, isInquiry } from './account-inquiries.ts'
import { answerPlainly, refuse, sendJson } from './answers.ts'
import { findRoute } from './bindings.ts'
import { type Call, watchCall } from './call.ts'
import { answerChat, type ChatParts, contextOf } from './chat.ts'
import { regionOfHost } from './home-regions.ts'
import type { Account, Identity } from './identity.ts'
import { answerMcp } from './mcp.ts'
import { fingerprint, type JournalWriter, maskSecrets, type Operation } from './journal.ts'
import type { Oidc, OidcAnswer } from './oidc.ts'
import { isOidcErrorName, oidcErrors } from './oidc-errors.ts'
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
    response.setHeader('date', new Date(clock.now() + switches.dateSkewSeconds * 1000).toUTCString())
    const { concurrency, end } = count(route.operation, account)
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
    const watched = watchCall({ entry, response, journal, clock }, end)
    const region = regionOfHost(request.headers.host)
    const asked = { request, response, route, url, region, body, json }
    return { ...asked, account, requestId, switches, entry, ...watched }
  }

  /** How many chat requests of the account are open with this one; zero for other operations. */
  function count(operation: Operation, account: Account | undefined) {
    if (account === undefined || operation !== 'GenerateAssistantResponse') {
      return { concurrency: 0, end: () => undefined }
    }
    const { id } = account
    const concurrency = (openCalls.get(id) ?? 0) + 1
    openCalls.set(id, concurrency)
    return { concurrency, end: () => void openCalls.set(id, (openCalls.get(id) ?? 1) - 1) }
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
    if (isInquiry(operation)) return answerInquiry(call, operation, parts)
    if (operation === 'InvokeMCP') return answerMcp(call)
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
      if (isOfService(operation)) refuse(call, planned.refusal)
      else sendOidcError(call, { ...planned.refusal, description: planned.refusal.message })
      return true
    case 'hang':
    case 'json':
    case 'no-answer':
    case 'page':
      answerPlainly(call, planned)
      return true
    case 'lost-answer':
      // The work is done all the same; what it writes then goes nowhere.
      answerPlainly(call, planned)
      return false
    case 'echo':
    case 'stream':
      return false
    default:
      return unreachable(planned)
  }
}

function answerOidc(call: Call, { oidc, journal }: ServiceParts): void {
  const answer = askOidc(call, oidc)
  if (answer.kind === 'error') return sendOidcError(call, answer)
  call.entry.accountId = answer.accountId
  if (answer.refreshed === true && answer.accountId !== undefined) journal.noteRefresh(answer.accountId)
  sendJson(call, answer.body)
}

function askOidc({ route, json, request, region }: Call, oidc: Oidc): OidcAnswer {
  const origin = `http://${request.headers.host ?? 'localhost'}`
  if (route.operation === 'RegisterClient') return oidc.registerClient(json)
  if (route.operation === 'StartDeviceAuthorization')
    return oidc.startDeviceAuthorization(json, { origin, region })
  return oidc.createToken(json)
}

interface OidcError {
  name: string
  description: string
  extra?: Record<string, unknown> | undefined
}

function sendOidcError(call: Call, { name, description, extra }: OidcError): void {
  const { status, error } = isOidcErrorName(name) ? oidcErrors[name] : { status: 500, error: 'server_error' }
  call.response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name })
  call.response.end(JSON.stringify({ error, error_description: description, ...extra }))
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

/** Not of its sign-in, whose errors and secrets are others. */
function isOfService(operation: Operation): boolean {
  return operation === 'GenerateAssistantResponse' || operation === 'InvokeMCP' || isInquiry(operation)
}

function maskBody(operation: Operation, json: unknown): unknown {
  return isOfService(operation) ? json : maskSecrets(json)
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
