/** GenerateAssistantResponse: judge the request, choose the answer, play it. */
import { refuseCaller } from './admission.ts'
import { answerPlainly, refuse } from './answers.ts'
import { isAwsJson } from './bindings.ts'
import type { Call } from './call.ts'
import { callerOf, modelsOf } from './callers.ts'
import type { SimulatorClock } from './clock.ts'
import type { Ids } from './ids.ts'
import type { Model } from './models.ts'
import type { Plans } from './plans.ts'
import { costOf, pay, refuseForQuota, withCredits } from './metering.ts'
import type { Refusal } from './refusal.ts'
import { type Answer, answerFor } from './replies/behaviour.ts'
import type { Delivery } from './replies/delivery.ts'
import { echo } from './replies/echo.ts'
import { play, wait } from './replies/player.ts'
import type { SequenceContext } from './replies/sequences.ts'
import { event, type Step } from './replies/steps.ts'
import { thinkingOf } from './replies/thinking.ts'
import { checkRequest, refusalOf } from './rules/check.ts'
import type { ChatRequest } from './rules/shape.ts'
import { refused } from './rules/violation.ts'
import type { Signatures } from './signatures.ts'
import { unreachable } from './unreachable.ts'

/** A rough guess, no worse than others for a model that does not exist. */
const BYTES_PER_TOKEN = 4

export interface ChatParts {
  clock: SimulatorClock
  ids: Ids
  models: readonly Model[]
  plans: Plans
  signatures: Signatures
}

/** Answers one call; resolves when the response has ended or the client has left. */
export async function answerChat(call: Call, parts: ChatParts): Promise<void> {
  const checked = judge(call, parts)
  call.entry.violations.push(...checked.violations)
  const modelId = modelOf(checked.request, modelsOf(call.account, parts.models))
  const { behaviour, delivery } = parts.plans.choose({
    operation: 'GenerateAssistantResponse',
    accountId: call.account?.id,
    modelId,
    prompt: promptOf(checked.request),
  })
  await wait(delivery.headersDelayMs, { time: parts.clock, signal: call.signal })
  const planned = answerFor(behaviour ?? { kind: 'echo' }, contextOf(call, parts, modelId))
  const refusal = refuseCall(call, parts.clock.now()) ?? refusalOf(checked.violations, call.switches)
  if (refusal !== undefined && (planned.kind === 'stream' || planned.kind === 'echo')) {
    return refuse(call, refusal)
  }
  await perform(planned, { call, parts, delivery, request: checked.request })
}

/** What an answer to this call is made with. */
export function contextOf(call: Call, { ids, signatures }: ChatParts, modelId: string): SequenceContext {
  const author = { accountId: call.account?.id ?? '', modelId }
  return {
    modelId,
    toolUseId: ids.toolUseId,
    sign: (thought) => signatures.sign(thought, author),
    redact: (thought) => signatures.redact(thought, author),
  }
}

function judge(call: Call, parts: ChatParts) {
  const { json, body, switches, route, account } = call
  if (json === undefined) {
    const notJson = { rule: 'json', path: '', message: 'not JSON', reason: 'REQUEST_BODY_INVALID_JSON' }
    return { request: undefined, violations: [refused(notJson)] }
  }
  const caller = callerOf(account, parts)
  return checkRequest(json, { binding: route.binding, bodyBytes: body.length, caller, switches })
}

function promptOf(request: ChatRequest | undefined): string {
  return request?.conversationState.currentMessage.userInputMessage?.content ?? ''
}

function modelOf(request: ChatRequest | undefined, models: readonly Model[]): string {
  const asked = request?.conversationState.currentMessage.userInputMessage?.modelId
  return asked ?? models[0]?.modelId ?? 'auto'
}

/** Whether the account may call, and has credits for it. */
function refuseCall(call: Call, now: number): Refusal | undefined {
  const { account, json, region, route, switches } = call
  const refusal = refuseCaller(account, { ...route, region, input: json, switches })
  return refusal ?? (account && refuseForQuota(account, now))
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
    case 'echo':
      return stream(
        { steps: request === undefined ? [] : echo(request, echoContext(call, parts, request)) },
        performance,
      )
    case 'stream':
      return stream(answer, performance)
    case 'lost-answer':
      if (call.account !== undefined)
        pay(call.account, costOf(call.account, call.switches), parts.clock.now())
      return answerPlainly(call, answer)
    case 'hang':
    case 'json':
    case 'no-answer':
    case 'page':
      return answerPlainly(call, answer)
    default:
      unreachable(answer)
  }
}

function echoContext(call: Call, parts: ChatParts, request: ChatRequest) {
  const models = modelsOf(call.account, parts.models)
  const modelId = modelOf(request, models)
  const model = models.find((each) => each.modelId === modelId)
  return {
    ...contextOf(call, parts, modelId),
    windowTokens: model?.windowTokens ?? 200_000,
    inputTokens: Math.ceil(call.body.length / BYTES_PER_TOKEN),
    metadataEvents: call.switches.metadataEvents,
    thinking: thinkingOf(request, model),
  }
}

interface Stream {
  steps: readonly Step[]
  verbatim?: boolean
}

/** An answer is paid for when it begins; answers its steps, which tell the price. */
function payFor({ steps, verbatim }: Stream, { call, parts }: Performance): readonly Step[] {
  if (call.account === undefined) return steps
  const credits = costOf(call.account, call.switches)
  pay(call.account, credits, parts.clock.now())
  return verbatim === true ? steps : withCredits(steps, credits)
}

async function stream(answer: Stream, performance: Performance) {
  const { call, parts, delivery, request } = performance
  const { response, route, signal, note } = call
  if (signal.aborted) return
  const conversationId = request?.conversationState.conversationId ?? parts.ids.conversationId()
  const paid = payFor(answer, performance)
  const opened = isAwsJson(route.binding) && answer.verbatim !== true
  const steps = opened ? withOpening(paid, conversationId) : paid
  if (route.binding !== 'aws-json') response.setHeader('x-amzn-codewhisperer-conversation-id', conversationId)
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
