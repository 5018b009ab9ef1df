/**
 * What becomes of a client's request before anything is sent: it is read, its demands are planned and it is encoded, all by
 * the gateway's own code, and what would be sent is judged by the strict simulator's rules. No socket, no clock.
 */
import { createSignatures } from '../../../simulator/signatures.ts'
import { defaultModels, listModels } from '../../../simulator/models.ts'
import { checkRequest } from '../../../simulator/rules/check.ts'
import { createSwitchBoard } from '../../../simulator/switches.ts'
import { GatewayError, type Failure } from '../../../src/conversation/failures.ts'
import { planDemands } from '../../../src/demands/demands.ts'
import type { Dialect } from '../../../src/dialects/dialect.ts'
import { readJson } from '../../../src/http/read-json.ts'
import { createDraft, type Draft } from '../../../src/upstreams/amazon-q/draft.ts'
import { readModelPage } from '../../../src/upstreams/amazon-q/read-models.ts'
import { createReasoningSeal } from '../../../src/upstreams/amazon-q/reasoning-seal.ts'
import { FULL_FORM, type ModelInfo, type RequestForm } from '../../../src/upstreams/upstream.ts'
import { throughOfficialClient } from '../../official-request.ts'

export interface Verdict {
  outcome: 'accepted' | 'refused'
  /** Of the gateway's code alone, in milliseconds of the processor. */
  workMs: number
  /** The field at fault, of a refused one. */
  field?: string
  /** What would be sent, of an accepted one. */
  sent?: string
}

export interface RequestJudge {
  models: readonly string[]
  /** A proof of thinking such as the model would have given for this text. */
  proofOf(text: string, modelId: string): string
  /** Throws when a promise is broken, in words that say which. */
  judge(dialect: Dialect, body: Buffer): Verdict
  /** Throws unless AWS's own client would send the same. */
  compareWithOfficialClient(sent: string): Promise<void>
}

const ACCOUNT = 'account-1'
const MOST_MESSAGE_CHARACTERS = 2000
const REFUSALS: ReadonlySet<string> = new Set(['invalid-request', 'context-too-long', 'too-large'])
/** Codes of refusals that are about the body as a whole. */
const WHOLE_BODY: ReadonlySet<string> = new Set(['invalid_json', 'json_too_deep', 'json_too_large'])
/** How much a model reads differs from one to the next, so what is too long is for the service to say. */
const SIZES: ReadonlySet<string> = new Set(['body-size', 'user-message-length', 'tool-result-length'])
/** Thinking that somebody has edited is seen by the service alone; the request is then sent once more without it. */
const EDITED_THINKING = 'S24'

export function isAboutLength({ rule }: { rule: string }): boolean {
  return SIZES.has(rule)
}

const forms: readonly RequestForm[] = [
  FULL_FORM,
  { toolSchemas: 'plain', earlierThinking: 'left-out', modelFields: 'left-out' },
]

export function createRequestJudge(): RequestJudge {
  const models = readModelPage(JSON.stringify(listModels(defaultModels, {})))?.items ?? []
  const signatures = createSignatures(Buffer.from('sample key'))
  const strict = { refuseQualityFaults: true, strictSchemas: true }

  /** The rules that a request in this form breaks. */
  function faultsOf(text: string, form: RequestForm): string[] {
    const body: unknown = JSON.parse(text)
    const board = createSwitchBoard({ ...strict, plainSchemas: form.toolSchemas === 'plain' })
    const { violations } = checkRequest(body, {
      binding: 'aws-json',
      bodyBytes: Buffer.byteLength(text),
      caller: {
        models: defaultModels,
        refusesExtraFields: false,
        isOwnThinking: (reasoning, modelId) =>
          signatures.isGenuine(reasoning, { accountId: ACCOUNT, modelId }),
      },
      switches: board.current(),
    })
    const broken = violations.filter((each) => !isAboutLength(each))
    return [...broken.map(({ rule, path, message }) => `${rule} at ${path}: ${message}`), ...oddTexts(body)]
  }

  /** Answers the first form of it that the service would take. */
  function checkSent(draft: Draft, model: ModelInfo): string {
    let taken: string | undefined
    for (const form of forms) {
      const text = textOf(draft, model, form)
      const faults = faultsOf(text, form)
      const others = faults.filter((fault) => !fault.startsWith(`${EDITED_THINKING} `))
      if (others.length > 0 || (faults.length > 0 && form.earlierThinking === 'left-out')) {
        throw new Error(`The service would refuse it: ${faults.slice(0, 3).join('; ')}`)
      }
      if (faults.length === 0) taken ??= text
    }
    return taken ?? ''
  }

  return {
    models: models.map(({ id }) => id),
    proofOf: (text, modelId) =>
      createReasoningSeal({ accountId: ACCOUNT, modelId }).close(
        signatures.sign(text, { accountId: ACCOUNT, modelId }),
      ),
    judge(dialect, body) {
      const before = process.cpuUsage()
      const prepared = prepare(dialect, body, models)
      const { user, system } = process.cpuUsage(before)
      const workMs = (user + system) / 1000
      if (prepared.kind === 'refused') {
        checkRefusal(dialect, prepared.failure)
        return { outcome: 'refused', workMs, ...fieldOf(prepared.failure) }
      }
      return { outcome: 'accepted', workMs, sent: checkSent(prepared.draft, prepared.model) }
    },
    async compareWithOfficialClient(sent) {
      const body: unknown = JSON.parse(sent)
      const theirs = await throughOfficialClient(body)
      if (JSON.stringify(sortMembers(theirs)) !== JSON.stringify(sortMembers(body))) {
        throw new Error("AWS's own client would not send it so")
      }
    },
  }
}

type Prepared = { kind: 'ready'; draft: Draft; model: ModelInfo } | { kind: 'refused'; failure: Failure }

/** All that the gateway does up to the first byte that is sent. Whatever is no refusal of ours gets through. */
function prepare(dialect: Dialect, body: Buffer, models: readonly ModelInfo[]): Prepared {
  try {
    const { conversation } = dialect.readRequest(readJson(body), {})
    const model = models.find(({ id }) => id === conversation.model) ?? models[0]
    if (model === undefined) throw new Error('There is no model')
    const draft = createDraft(planDemands(conversation).conversation, model, {
      invocationId: '00000000-0000-4000-8000-000000000000',
      program: { version: '0.0.0', platform: 'linux', nodeVersion: '24.0.0' },
      urlOf: () => new URL('https://service.invalid/'),
      sendsCacheMarks: true,
    })
    textOf(draft, model, FULL_FORM)
    return { kind: 'ready', draft, model }
  } catch (error) {
    if (error instanceof GatewayError) return { kind: 'refused', failure: error.failure }
    throw error
  }
}

function textOf(draft: Draft, model: ModelInfo, form: RequestForm): string {
  const access = { accountId: ACCOUNT, channel: 'q-json', region: 'us-east-1', optsOut: true }
  return draft.complete(access, { model, form }).body.toString()
}

function fieldOf({ field }: Failure): { field?: string } {
  return field === undefined ? {} : { field }
}

function checkRefusal(dialect: Dialect, failure: Failure): void {
  const { kind, message, field, code } = failure
  const isNamed = field !== undefined && field !== ''
  if (!REFUSALS.has(kind)) throw new Error(`Refused as ${kind}: ${message}`)
  const isOfWhole = WHOLE_BODY.has(code ?? '') || /^The (request body|JSON schema) /.test(message)
  if (kind === 'invalid-request' && !isNamed && !isOfWhole)
    throw new Error(`The refusal names no field: ${message}`)
  if (message.length > MOST_MESSAGE_CHARACTERS || !message.isWellFormed())
    throw new Error(`The refusal is not fit to be read: ${message.slice(0, 200)}`)
  const { status } = dialect.writeError(failure, 'req_1')
  if (status !== 400 && status !== 413) throw new Error(`Refused with status ${status}`)
}

/** What the service's own rules, as far as they are known, do not speak of. */
function oddTexts(body: unknown): string[] {
  const waiting = [body]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string' && !next.isWellFormed()) return ['half a character is left in a text']
    if (typeof next !== 'object' || next === null) continue
    for (const [name, member] of Object.entries(next)) {
      if (!name.isWellFormed()) return ['half a character is left in a name']
      waiting.push(member ?? 0)
    }
  }
  return []
}

function sortMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortMembers)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return members.map(([name, member]) => [name, sortMembers(member)])
}
