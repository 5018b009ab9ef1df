/** All rules for one chat request, and the refusal that follows from what they found. */
import type { z } from 'zod'
import type { Binding } from '../journal.ts'
import type { Refusal } from '../refusal.ts'
import type { Switches } from '../switches.ts'
import { type Caller, checkCachePoints, checkExtraFields, checkThinking, findModel } from './for-the-model.ts'
import { checkDocuments, checkImages } from './media.ts'
import { checkAlternation, checkContents, checkCurrentMessage } from './order.ts'
import { type ChatRequest, requestSchema } from './shape.ts'
import { checkBodySize, checkLengths } from './size.ts'
import { checkPairing, checkResultContents, checkToolUseIds } from './tool-traffic.ts'
import { checkDeclarations, checkSpecifications, checkToolsInHistory, checkUniqueNames } from './tools.ts'
import { turnsOf } from './turns.ts'
import { refused, type Violation } from './violation.ts'

export interface CheckContext {
  binding: Binding
  bodyBytes: number
  caller: Caller
  switches: Switches
}

export interface Checked {
  /** Undefined when the body does not even have the modelled shape. */
  request: ChatRequest | undefined
  violations: Violation[]
}

const REASONS_OF_THEIR_OWN = new Set([
  'CONTENT_LENGTH_EXCEEDS_THRESHOLD',
  'INVALID_MODEL_ID',
  'THINKING_SIGNATURE_INVALID',
])
const IMPROPERLY_FORMED = 'Improperly formed request.'

export function checkRequest(body: unknown, context: CheckContext): Checked {
  const parsed = requestSchema.safeParse(body)
  if (!parsed.success) {
    return { request: undefined, violations: parsed.error.issues.map((issue) => explainShape(issue, body)) }
  }
  return { request: parsed.data, violations: checkMeaning(parsed.data, context) }
}

function checkMeaning(request: ChatRequest, context: CheckContext): Violation[] {
  const { switches, caller, binding, bodyBytes } = context
  const { limits } = switches
  const turns = turnsOf(request)
  const { model, violations: modelViolations } = findModel(request, caller.models)
  const found = [
    ...checkMembers(request, binding),
    ...checkBodySize(turns, { bodyBytes, limits, model }),
    ...modelViolations,
    ...checkCurrentMessage(turns),
    ...(switches.lenient ? [] : checkAlternation(turns)),
    ...checkContents(turns),
    ...checkLengths(turns, limits),
    ...checkToolUseIds(turns),
    ...checkPairing(turns),
    ...checkResultContents(turns),
    ...checkDeclarations(turns),
    ...checkUniqueNames(turns),
    ...checkSpecifications(turns, switches),
    ...checkToolsInHistory(turns),
    ...checkImages(turns, { limits, model }),
    ...checkDocuments(turns, { limits, model }),
    ...checkExtraFields(request, caller, model),
    ...checkThinking(turns, caller, model),
    ...checkCachePoints(turns, model),
  ]
  if (!switches.refuseQualityFaults) return found
  return found.map((violation) => ({ ...violation, severity: 'refused' }))
}

/** Members that the shape knows but this binding does not take. */
function checkMembers(request: ChatRequest, binding: Binding): Violation[] {
  if (request.agentMode === undefined || binding !== 'rest-json') return []
  const message = 'agentMode travels in the header x-amzn-kiro-agent-mode'
  return [refused({ rule: 'S25', path: 'agentMode', message })]
}

function explainShape(issue: z.core.$ZodIssue, body: unknown): Violation {
  const path = issue.path.map(String).join('.')
  return refused({ rule: shapeRule(issue, body), path, message: issue.message })
}

function shapeRule(issue: z.core.$ZodIssue, body: unknown): string {
  if (issue.code === 'unrecognized_keys') return 'S25'
  if (valueAt(body, issue.path) === null) return 'S26'
  const [member, parent, grandparent] = issue.path.toReversed()
  if (member === 'chatTriggerType') return 'S23'
  if (member === 'content' && parent !== undefined && issue.code === 'invalid_type') return 'S14'
  if (member === 'input' && grandparent === 'toolUses') return 'S15'
  return 'shape'
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  const [member, ...rest] = path
  if (member === undefined) return value
  if (typeof value !== 'object' || value === null) return undefined
  return valueAt(Reflect.get(value, member), rest)
}

/** What the service answers; undefined when nothing was refused. */
export function refusalOf(violations: Violation[], switches: Switches): Refusal | undefined {
  const first = violations.find(({ severity }) => severity === 'refused')
  if (first === undefined) return undefined
  const { reason, says = IMPROPERLY_FORMED, rule } = first
  const structural = rule !== 'extra-fields' && !REASONS_OF_THEIR_OWN.has(reason ?? '')
  if (switches.legacyErrors && structural) {
    return { name: 'ValidationException', message: IMPROPERLY_FORMED, reason: null }
  }
  return { name: 'ValidationException', message: says, reason }
}
