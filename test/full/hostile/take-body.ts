/** The way of a body through the gateway without its sockets: from its bytes to the request that would be sent for it. */
import { z } from 'zod'
import { defaultModels } from '../../../simulator/models.ts'
import { checkRequest } from '../../../simulator/rules/check.ts'
import { createSwitchBoard } from '../../../simulator/switches.ts'
import { systemClock } from '../../../src/clock.ts'
import { GatewayError } from '../../../src/conversation/failures.ts'
import { planDemands } from '../../../src/demands/demands.ts'
import type { Dialect } from '../../../src/dialects/dialect.ts'
import { readJson } from '../../../src/http/read-json.ts'
import { createAmazonQ } from '../../../src/upstreams/amazon-q/client.ts'
import { FULL_FORM, type ModelInfo, type RequestPreview } from '../../../src/upstreams/upstream.ts'
import { MODEL } from './body-values.ts'

/** `field` and `message` as the client is told them; `sent`: what the service would get, where the model is known. */
export type Outcome =
  | { kind: 'taken'; sent?: RequestPreview }
  | { kind: 'refused'; status: number; field: string | undefined; message: string }

const requestFields = z.record(z.string(), z.json())
const amazonQ = createAmazonQ({
  version: '0.0.0',
  dispatcherFor: () => {
    throw new Error('Nothing is sent here.')
  },
  clock: systemClock,
  timeouts: { headersMs: 1, errorBodyMs: 1 },
  newId: () => 'id',
})
const switches = createSwitchBoard({}).current()
/** Nothing that a stranger has signed is its own. */
const caller = { models: defaultModels, refusesExtraFields: false, isOwnThinking: () => false }
/** As the service lists it, with its own request fields. */
const model = findModel()
const account = { accountId: 'account-1', channel: 'q-json', region: 'us-east-1', optsOut: true }

const errorBody = z.object({
  error: z.looseObject({ message: z.string(), param: z.string().nullish() }),
})

/** Throws for a failure that is our own. */
export function takeBody(dialect: Dialect, bytes: Buffer): Outcome {
  try {
    const read = dialect.readRequest(readJson(bytes), {})
    const { conversation } = planDemands(read.conversation)
    // Another model is one that nobody knows.
    if (conversation.model !== MODEL) return { kind: 'taken' }
    const sent = amazonQ.prepare(conversation, model).preview(account, { model, form: FULL_FORM })
    return { kind: 'taken', sent }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const { status, body: told } = dialect.writeError(error.failure, 'request-1')
    const { message, param } = errorBody.parse(told).error
    const field = error.failure.field
    if (param !== undefined && (param ?? undefined) !== field)
      throw new Error(`${field} is told as ${param}`, { cause: error })
    return { kind: 'refused', status, field, message }
  }
}

/** Throws for what the service would refuse. */
export function checkSent(outcome: Outcome): void {
  if (outcome.kind === 'refused' || outcome.sent === undefined) return
  const { body, findings } = outcome.sent
  const bodyBytes = Buffer.byteLength(JSON.stringify(body))
  const { violations } = checkRequest(body, { binding: 'aws-json', bodyBytes, caller, switches })
  const fault = [...violations, ...findings].find(({ severity }) => severity === 'refused')
  if (fault !== undefined) throw new Error(`The service would not take it: ${JSON.stringify(fault)}`)
}

function findModel(): ModelInfo {
  const known = amazonQ.catalogue.find(({ id }) => id === MODEL)
  if (known === undefined) throw new Error(`There is no ${MODEL}`)
  const listed = defaultModels.find(({ modelId }) => modelId === MODEL)
  return { ...known, requestFields: requestFields.parse(listed?.extraFields) }
}
