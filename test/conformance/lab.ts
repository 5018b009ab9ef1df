/** One gateway with a client key before the strict simulator, spoken to over real sockets as clients do. */
import { z } from 'zod'
import type { Step } from '../../simulator/replies/steps.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { readSentConversation, type SentConversation } from '../sent-conversation.ts'

export const KEY = 'sk-conformance'
export const MODEL = 'claude-sonnet-4.5'

const document = z.record(z.string(), z.unknown())
type Document = z.output<typeof document>

export interface Frame {
  /** Of the `event:` line; undefined where there is none. */
  event: string | undefined
  data: Document
}

export interface Stream {
  status: number
  headers: Headers
  frames: Frame[]
  /** As it came, keep-alives included. */
  text: string
}

export interface Whole {
  status: number
  headers: Headers
  body: Document
}

export interface ConformanceLab {
  gateway: GatewayUnderTest
  /** Everything is sent with the key unless `headers` say otherwise. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  get(path: string, headers?: Record<string, string>): Promise<Response>
  /** The answer of a request that does not stream, or an error. */
  whole(path: string, body: unknown, headers?: Record<string, string>): Promise<Whole>
  stream(path: string, body: object, headers?: Record<string, string>): Promise<Stream>
  /** The next answers of the model service. */
  plan(...answers: Step[][]): void
  /** What has last reached the model service. */
  sent(): SentConversation
  /** The same as text, for what must not be in it. */
  sentText(): string
  /** Every account is well again, and nothing is planned or noted. */
  reset(): Promise<void>
  close(): Promise<void>
}

export async function openConformanceLab(environment: Record<string, string> = {}): Promise<ConformanceLab> {
  const gateway = await startGatewayUnderTest({ environment: { OPENAI_KEYS: KEY, ...environment } })
  const chats = () => gateway.simulator.journal.of('GenerateAssistantResponse')
  const withKey = { authorization: `Bearer ${KEY}` }
  const post: ConformanceLab['post'] = (path, body, headers = withKey) =>
    gateway.postJson(path, body, headers)
  return {
    gateway,
    post,
    get: (path, headers = withKey) => gateway.fetch(path, { headers }),
    async whole(path, body, headers) {
      const answer = await post(path, body, headers)
      return { status: answer.status, headers: answer.headers, body: document.parse(await answer.json()) }
    },
    async stream(path, body, headers) {
      const answer = await post(path, { ...body, stream: true }, headers)
      const text = await answer.text()
      return { status: answer.status, headers: answer.headers, frames: readFrames(text), text }
    },
    plan(...answers) {
      for (const steps of answers) {
        gateway.simulator.plan({ times: 1, behaviour: { kind: 'steps', steps } })
      }
    },
    sent: () => readSentConversation(chats().at(-1)),
    sentText: () => JSON.stringify(chats().at(-1)?.body),
    async reset() {
      gateway.simulator.clearPlans()
      gateway.simulator.journal.clear()
      await gateway.resetAccount()
    },
    close: () => gateway.close(),
  }
}

/** Comments and `[DONE]` are no frames. Throws for a frame that is neither of an event nor JSON. */
export function readFrames(stream: string): Frame[] {
  return stream.split('\n\n').flatMap((block) => {
    const lines = block.split('\n').filter((line) => line !== '' && !line.startsWith(':'))
    const data = lines.find((line) => line.startsWith('data: '))?.slice('data: '.length)
    if (data === undefined || data === '[DONE]') return []
    const event = lines.find((line) => line.startsWith('event: '))?.slice('event: '.length)
    return [{ event, data: document.parse(JSON.parse(data)) }]
  })
}

/** What stands at a path like `choices.0.delta`; undefined: nothing. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
      value,
    )
}

/** Empty where there is no text. */
export function textAt(value: unknown, path: string): string {
  const found = at(value, path)
  return typeof found === 'string' ? found : ''
}

export function listAt(value: unknown, path: string): unknown[] {
  const found = at(value, path)
  return Array.isArray(found) ? found : []
}

/** The texts at this path in each frame, joined. */
export function joined(frames: readonly Frame[], path: string): string {
  return frames.map(({ data }) => textAt(data, path)).join('')
}

export const says = (...texts: string[]): Step[] =>
  texts.map((content) => ({ step: 'event', eventType: 'assistantResponseEvent', payload: { content } }))

export const namedAnswer = (name: string) => `[[sim:${name}]]`

/** Sequences of the simulator that are whole answers. */
export const wholeAnswers = [
  'legacy-text',
  'thinking',
  'redacted-thinking',
  'one-tool',
  'two-tools',
  'two-tools-interleaved',
  'empty-tool-input',
  'no-tool-input',
  'object-input',
  'single-tool-event',
  'text-after-tool',
  'code-reference',
  'web-links',
  'citations',
  'repeated-tool',
  'interleaved-thinking',
  'gpt',
  'max-tokens',
  'multibyte',
] as const

export const faults = [
  'throttled',
  'high-traffic',
  'high-load',
  'monthly-limit',
  'suspended',
  'not-authorized',
  'invalid-bearer',
  'internal-error',
  'unavailable',
  'html-502',
  'html-503',
  'no-answer',
  'empty',
  'exception-first',
] as const
