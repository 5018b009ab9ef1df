/** Bodies of the three model APIs, in order and bent in up to five places, and what has to become of them. */
import fc from 'fast-check'
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts'
import type { Dialect } from '../../../src/dialects/dialect.ts'
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts'
import { openaiResponses } from '../../../src/dialects/openai-responses/index.ts'
import { anthropicBodies } from './anthropic-bodies.ts'
import { anthropicTolerance } from './anthropic-tolerance.ts'
import { bend, isWithin, overlap, type Bend, type Pick } from './bends.ts'
import { chatBodies } from './chat-bodies.ts'
import { chatTolerance } from './chat-tolerance.ts'
import { responsesBodies } from './responses-bodies.ts'
import { responsesTolerance } from './responses-tolerance.ts'
import type { Outcome } from './take-body.ts'
import type { Tolerance } from './tolerance.ts'

export interface BodyApi {
  dialect: Dialect
  bodies: fc.Arbitrary<object>
  tolerance: Tolerance
  /** Name of the list whose last element is what the user asks. */
  said: 'messages' | 'input'
}

export const bodyApis: readonly BodyApi[] = [
  { dialect: anthropicMessages, bodies: anthropicBodies, tolerance: anthropicTolerance, said: 'messages' },
  { dialect: openaiChat, bodies: chatBodies, tolerance: chatTolerance, said: 'messages' },
  { dialect: openaiResponses, bodies: responsesBodies, tolerance: responsesTolerance, said: 'input' },
]

export interface BentBody {
  body: unknown
  bends: readonly Bend[]
}

const MOST_BENDS = 5
const CHOICES: ReadonlySet<string> = new Set(['tool_choice', 'function_call'])

const pick: fc.Arbitrary<Pick> = fc.record({ place: fc.nat(), way: fc.nat() })

/** Every sixth as it was made. */
export function bentBodies({ bodies, tolerance, said }: BodyApi): fc.Arbitrary<BentBody> {
  return fc.tuple(bodies, fc.array(pick, { maxLength: MOST_BENDS, size: 'max' })).map(([body, picks]) => {
    // As it would be written, so without members that are undefined.
    const whole: unknown = JSON.parse(JSON.stringify(body))
    const bent = bend(whole, picks, tolerance)
    const anchor = anchorOf(whole, said)
    const demanding = demandsTool(whole) ? ['tools', 'functions'] : []
    const doubted = [anchor, ...demanding]
    return { body: bent.body, bends: bent.bends.map((each) => doubtAt(each, doubted)) }
  })
}

/** Path of what the user asks in the end. */
function anchorOf(body: unknown, said: BodyApi['said']): string {
  const list: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, said) : undefined
  return Array.isArray(list) ? `${said}.${list.length - 1}` : said
}

/** Which tools there are counts only where one of them has to be called. */
function demandsTool(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false
  const choices: unknown[] = [Reflect.get(body, 'tool_choice'), Reflect.get(body, 'function_call')]
  return choices.some((choice) => choice !== undefined && choice !== 'auto' && choice !== 'none')
}

/** Where nothing is asked in the end, the request may have become one that asks nothing at all. */
function doubtAt(each: Bend, doubted: readonly string[]): Bend {
  const isDoubted = doubted.some((path) => overlap(each.scope, path))
  return each.verdict === 'harmless' && isDoubted ? { ...each, verdict: 'doubtful' } : each
}

/** What is wrong with the outcome; undefined when nothing is. */
export function findFault({ bends }: BentBody, outcome: Outcome): string | undefined {
  const suspects = bends.filter(({ verdict }) => verdict !== 'harmless')
  if (outcome.kind === 'taken') {
    const missed = suspects.find(({ verdict }) => verdict === 'refused')
    return missed && `${missed.path} was bent and is taken`
  }
  const { status, field = '', message } = outcome
  const told = `${status} ${message}`
  if (status !== 400) return told
  if (suspects.length === 0) return `refused without a reason: ${told}`
  if (field === '' || !message.startsWith(field))
    return `the message does not name the field ${field}: ${told}`
  return suspects.some((each) => isNamedBy(each, field)) ? undefined : `refused by another name: ${told}`
}

/** A tag is the fault of its element. What depends on more than one place may be told as the fault of what they are in. */
function isNamedBy({ path, scope, verdict }: Bend, field: string): boolean {
  if (isWithin(field, path) || field === scope) return true
  if (CHOICES.has(field) && isWithin(path, field)) return true
  if (verdict !== 'doubtful') return false
  return (
    isWithin(field, scope) ||
    isWithin(path, field) ||
    (CHOICES.has(field) && /^(tools|functions)\b/.test(path))
  )
}
