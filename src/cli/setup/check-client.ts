/** Asks the gateway as a client would: for its models, and one short question. */
import * as z from 'zod'
import { callOf } from '../../client-setups/client-call.ts'
import type { ClientSetup, SetupValues } from '../../client-setups/client-setup.ts'
import { bad, good, type Finding } from '../doctor/finding.ts'

const TIMEOUT_MS = 60_000

const modelList = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) })
const refusal = z.looseObject({ error: z.looseObject({ message: z.string() }) })

export async function checkClient(
  setup: Pick<ClientSetup, 'api' | 'keyHeader' | 'alias'>,
  values: Pick<SetupValues, 'origin' | 'key' | 'model'>,
  signal: AbortSignal,
): Promise<Finding[]> {
  const models = await checkModels(values, signal)
  if (models.state === 'bad') return [models]
  const { path, headers, body } = callOf(setup, { ...values, streams: false })
  const answer = await ask(`${values.origin}${path}`, signal, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  const says = answer.isGood
    ? `${setup.alias ?? values.model} answers at ${path}.`
    : `${path}: ${answer.text}`
  return [models, answer.isGood ? good('Request', says) : bad('Request', says, remedyFor(answer.status))]
}

async function checkModels(
  { origin, key }: Pick<SetupValues, 'origin' | 'key'>,
  signal: AbortSignal,
): Promise<Finding> {
  const answer = await ask(`${origin}/v1/models`, signal, { headers: { authorization: `Bearer ${key}` } })
  if (!answer.isGood) return bad('Models', `${origin}: ${answer.text}`, remedyFor(answer.status))
  const list = modelList.safeParse(answer.body).data?.data
  if (list === undefined) return bad('Models', `${origin} is not the gateway.`, 'Say its address with --url.')
  return good('Models', `${origin} lists ${list.length}.`)
}

interface Answer {
  isGood: boolean
  /** 0 when nobody answered. */
  status: number
  body: unknown
  /** What went wrong. */
  text: string
}

async function ask(url: string, signal: AbortSignal, init: RequestInit): Promise<Answer> {
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
    const response = await fetch(url, { ...init, signal: within, redirect: 'error' })
    const { status, ok } = response
    const body: unknown = await response.json().catch(() => undefined)
    const message = refusal.safeParse(body).data?.error.message
    const isGood = ok && body !== undefined
    return { isGood, status, body, text: `${status} ${message ?? 'in a form that is not of the gateway'}` }
  } catch {
    signal.throwIfAborted()
    return { isGood: false, status: 0, body: undefined, text: 'nobody answers there.' }
  }
}

function remedyFor(status: number): string {
  if (status === 0) return 'Start the gateway (npm start), or say its address with --url.'
  if (status === 401)
    return 'Say one of its keys with --key, or make one with --new-key; then see aqueduct doctor.'
  if (status === 404) return 'Choose a model that GET /v1/models lists, with --model.'
  return 'Look at aqueduct doctor, and at docs/guides/README.md under "Messages of the gateway".'
}
