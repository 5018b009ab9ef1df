/** Recorded requests of real clients, asked once as they are and then with what nobody knows yet. */
import { readdirSync } from 'node:fs'
import { z } from 'zod'
import type { JsonObject } from '../../../src/conversation/conversation.ts'
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts'
import { readClientRequest } from '../../client-request.ts'
import type { GatewayUnderTest } from '../../gateway-under-test.ts'
import { demandEqual } from '../round-trip/demand.ts'
import type { Random } from './random.ts'
import { fromTheFuture, UNHEARD, type ClientRequest } from './unknown-fields.ts'

const bodyShape = z.record(z.string(), z.json())
const folder = new URL('../../fixtures/client-requests/', import.meta.url)
const END = /event: message_stop\n|event: response\.completed\n|data: \[DONE\]\n/
/** For an answer; nothing here takes a second. */
const LONGEST_MS = 30_000
const SAFE_HEADER = /^[\x20-\x7e]+$/

/** How an answer and what was sent for it look, where a field that is ignored may change nothing. */
interface Outcome {
  status: number
  /** Whether it came to its end; the text of a refusal. */
  answer: unknown
  /** What the service was asked first, and how often it was asked. */
  sent: unknown
  times: number
}

export interface Transcripts {
  names: readonly string[]
  /** Throws when a request of the future has another outcome than the one that was recorded. */
  check(name: string, random: Random): Promise<void>
}

export function openTranscripts(gateway: GatewayUnderTest): Transcripts {
  const names = readdirSync(folder).flatMap((file) =>
    file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : [],
  )
  const recorded = new Map<string, Promise<Outcome>>()

  async function ask(name: string, { path, headers, body }: ClientRequest): Promise<Outcome> {
    const { simulator } = gateway
    simulator.clearPlans()
    simulator.journal.clear()
    if (name.includes('output-schema')) simulator.plan({ behaviour: { kind: 'text', text: '{"a":"b"}' } })
    if (name.includes('web-search')) {
      const search = { kind: 'tool', name: 'web_search', input: { query: 'tea' } } as const
      simulator.plan({ times: 1, behaviour: search })
    }
    const answer = await gateway.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(LONGEST_MS),
    })
    const text = await answer.text()
    gateway.assertNoViolation()
    const ignored = answer.headers.get('x-aqueduct-ignored') ?? 'none'
    if (!SAFE_HEADER.test(ignored) || ignored.length > 4096) throw new Error(`The header is ${ignored}`)
    if (answer.headers.has('x-injected')) throw new Error('A name of a field became a header.')
    const told = gateway.log.splice(0).find((line) => line.includes(UNHEARD) || line.includes('sk-test'))
    if (told !== undefined) throw new Error(`The log repeats what was sent: ${told}`)
    const entries = simulator.journal.of('GenerateAssistantResponse')
    return {
      status: answer.status,
      answer: answer.status === 200 ? isEnded(text, body) : text,
      // Tokens are counted here, at times by an estimate; the prompt is the same in any case.
      sent: isCount(path) ? anthropicMessages.tokenCounting?.readPrompt(body, {}) : entries[0]?.body,
      times: entries.length,
    }
  }

  function outcomeOf(name: string): Promise<Outcome> {
    const known = recorded.get(name) ?? ask(name, readRecorded(name))
    recorded.set(name, known)
    return known
  }

  return {
    names,
    async check(name, random) {
      const wanted = await outcomeOf(name)
      if (wanted.status !== 200 || wanted.answer !== true) {
        throw new Error(`As it was recorded: ${wanted.status} ${JSON.stringify(wanted.answer)}`)
      }
      const found = await ask(name, fromTheFuture(readRecorded(name), random))
      demandEqual('the status and the answer', [found.status, found.answer], [wanted.status, wanted.answer])
      demandEqual('what was sent', found.sent, wanted.sent)
      demandEqual('how often', found.times, wanted.times)
    },
  }
}

/** Codex asks for models that are not served here. */
function readRecorded(name: string): ClientRequest {
  const { path, headers, body } = readClientRequest(name)
  const read = bodyShape.parse(body)
  return { path, headers, body: name.startsWith('codex') ? { ...read, model: 'claude-sonnet-4.5' } : read }
}

function isCount(path: string): boolean {
  return path.includes('/count_tokens')
}

function isEnded(text: string, { stream }: JsonObject): boolean {
  if (stream === true) return END.test(text)
  const answer = bodyShape.parse(JSON.parse(text))
  return ['choices', 'output', 'content', 'input_tokens'].some((name) => name in answer)
}
