/** GenerateAssistantResponse: judge the request, choose the answer, play it. */
import { writeRefusal } from './bindings.ts'
import type { Call } from './call.ts'
import type { SimulatorClock } from './clock.ts'
import type { Ids } from './ids.ts'
import type { Model } from './models.ts'
import type { Plans } from './plans.ts'
import { INVALID_BEARER, type Refusal } from './refusal.ts'
import { type Answer, answerFor } from './replies/behaviour.ts'
import type { Delivery } from './replies/delivery.ts'
import { echo } from './replies/echo.ts'
import { play, wait } from './replies/player.ts'
import { event, type Step } from './replies/steps.ts'
import { checkRequest, refusalOf } from './rules/check.ts'
import type { ChatRequest } from './rules/shape.ts'
import { refused } from './rules/violation.ts'
import { unreachable } from './unreachable.ts'

/** A rough guess, no worse than others for a model that does not exist. */
const BYTES_PER_TOKEN = 4

export interface ChatParts {
  clock: SimulatorClock
  ids: Ids
  models: readonly Model[]
  plans: Plans
}

/** Answers one call; resolves when the response has ended or the client has left. */
export async function answerChat(call: Call, parts: ChatParts): Promise<void> {
  const checked = judge(call, parts.models)
  call.entry.violations.push(...checked.violations)
  const { behaviour, delivery } = parts.plans.choose({
    operation: 'GenerateAssistantResponse',
    accountId: call.account?.id,
    prompt: promptOf(checked.request),
  })
  await wait(delivery.headersDelayMs, { time: parts.clock, signal: call.signal })
  const context = { modelId: modelOf(checked.request, parts.models), toolUseId: parts.ids.toolUseId }
  const planned = answerFor(behaviour ?? { kind: 'echo' }, context)
  const refusal = refuseCall(call) ?? refusalOf(checked.violations, call.switches)
  if (refusal !== undefined && (planned.kind === 'stream' || planned.kind === 'echo')) {
    return refuse(call, refusal)
  }
  await perform(planned, { call, parts, delivery, request: checked.request })
}

function judge(call: Call, models: readonly Model[]) {
  const { json, body, switches, route } = call
  if (json === undefined) {
    const notJson = { rule: 'json', path: '', message: 'not JSON', reason: 'REQUEST_BODY_INVALID_JSON' }
    return { request: undefined, violations: [refused(notJson)] }
  }
  return checkRequest(json, { binding: route.binding, bodyBytes: body.length, models, switches })
}

function promptOf(request: ChatRequest | undefined): string {
  return request?.conversationState.currentMessage.userInputMessage?.content ?? ''
}

function modelOf(request: ChatRequest | undefined, models: readonly Model[]): string {
  const asked = request?.conversationState.currentMessage.userInputMessage?.modelId
  return asked ?? models[0]?.modelId ?? 'auto'
}

/** The bearer, and whether the account may use the profile that it names. */
function refuseCall({ account, json, switches }: Call): Refusal | undefined {
  if (account === undefined) return INVALID_BEARER
  if (!switches.profilePolicy || typeof json !== 'object' || json === null) return undefined
  const profileArn: unknown = Reflect.get(json, 'profileArn')
  if (profileArn === account.profileArn) return undefined
  const message =
    account.profileArn === undefined
      ? 'AWS Builder ID is not supported for this operation.'
      : 'User is not authorized to make this call.'
  return { name: 'AccessDeniedException', message, reason: null }
}

interface Performance {
  call: Call
  parts: ChatParts
  delivery: Delivery
  request: ChatRequest | undefined
}

async function perform(answer: Answer, performance: Performance): Promise<void> {
  const { call, parts, request } = performance
  switch (answer.kind) {
    case 'refusal':
      return refuse(call, answer.refusal)
    case 'page':
      return sendPage(call, answer)
    case 'no-answer':
      call.note.cut()
      call.request.socket.destroy()
      return
    case 'echo':
      return stream(
        { steps: request === undefined ? [] : echo(request, echoContext(call, parts, request)) },
        performance,
      )
    case 'stream':
      return stream(answer, performance)
    default:
      unreachable(answer)
  }
}

function echoContext(call: Call, { ids, models }: ChatParts, request: ChatRequest) {
  const modelId = modelOf(request, models)
  const windowTokens = models.find((model) => model.modelId === modelId)?.windowTokens ?? 200_000
  const { metadataEvents } = call.switches
  const inputTokens = Math.ceil(call.body.length / BYTES_PER_TOKEN)
  return { modelId, windowTokens, inputTokens, metadataEvents, toolUseId: ids.toolUseId }
}

export function refuse(call: Call, refusal: Refusal): void {
  const { response, route, switches, note } = call
  if (call.signal.aborted) return
  const status = writeRefusal(response, refusal, { binding: route.binding, switches })
  note.refused({ status, name: refusal.name, reason: refusal.reason ?? null })
}

export function sendPage({ response, note }: Call, { status, html }: { status: number; html: string }): void {
  response.writeHead(status, { 'content-type': 'text/html' }).end(html)
  note.refused({ status, name: 'page', reason: null })
}

async function stream(answer: { steps: readonly Step[]; verbatim?: boolean }, performance: Performance) {
  const { call, parts, delivery, request } = performance
  const { response, route, signal, note } = call
  if (signal.aborted) return
  const conversationId = request?.conversationState.conversationId ?? parts.ids.conversationId()
  const opened = route.binding === 'aws-json' && answer.verbatim !== true
  const steps = opened ? withOpening(answer.steps, conversationId) : answer.steps
  if (route.binding === 'rest-json')
    response.setHeader('x-amzn-codewhisperer-conversation-id', conversationId)
  response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' })
  response.flushHeaders()
  await play(steps, {
    response,
    delivery,
    signal,
    time: parts.clock,
    onWritten: note.written,
    onCut: note.cut,
  })
}

const SILENT_STEPS = new Set(['delay', 'stall', 'cut'])

/** The initial response goes before the first frame, after whatever waits for it. */
function withOpening(steps: readonly Step[], conversationId: string): readonly Step[] {
  const first = steps.findIndex(({ step }) => !SILENT_STEPS.has(step))
  if (first < 0) return steps
  return steps.toSpliced(first, 0, event('initial-response', { conversationId }))
}
