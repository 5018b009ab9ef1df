/** Holds JSON that is odd against the promise: taken or refused as it deserves, with little work and no trace. */
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts'
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts'
import { openaiResponses } from '../../../src/dialects/openai-responses/index.ts'
import { oddBody, type OddBody } from './json-pathology.ts'
import { createRandom } from './random.ts'
import { checkSent, takeBody } from './take-body.ts'

const dialects = [anthropicMessages, openaiChat, openaiResponses] as const
const MOST_WORK_MS = 200

export interface OddCase extends OddBody {
  dialect: (typeof dialects)[number]
  /** How it is found again. */
  told: string
}

/** Every kind for every API, in turn. */
export function oddCase(seed: number, nth: number): OddCase {
  const dialect = dialects[nth % dialects.length] ?? anthropicMessages
  const odd = oddBody(apiOf(dialect), Math.floor(nth / dialects.length), createRandom(seed + nth))
  return {
    ...odd,
    dialect,
    told: `seed ${seed + nth}, ${dialect.name}, ${odd.name}, ${odd.bytes.length} bytes`,
  }
}

function apiOf({ name }: (typeof dialects)[number]): Parameters<typeof oddBody>[0] {
  if (name === 'openai-chat' || name === 'openai-responses') return name
  return 'anthropic-messages'
}

/** In this process, without sockets. */
export function checkOddBody(odd: OddCase): 'taken' | 'refused' {
  const before = process.threadCpuUsage()
  const outcome = takeBody(odd.dialect, odd.bytes)
  const { user, system } = process.threadCpuUsage(before)
  const workMs = (user + system) / 1000
  checkSent(outcome)
  checkOutcome(odd, outcome.kind === 'taken' ? 200 : outcome.status)
  if (workMs > MOST_WORK_MS) throw new Error(`${odd.told}: ${workMs.toFixed(0)} ms of work`)
  return outcome.kind
}

/** Throws for a status that the body does not deserve, and for a prototype that was changed. */
export function checkOutcome({ expected, told }: OddCase, status: number): void {
  const allowed = { taken: [200], refused: [400, 413], either: [200, 400, 413] }[expected]
  if (!allowed.includes(status)) throw new Error(`${told}: status ${status}`)
  if (Object.keys(Object.prototype).length > 0) throw new Error(`${told}: Object.prototype was changed`)
}
