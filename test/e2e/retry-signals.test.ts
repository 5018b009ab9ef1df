/** How a refusal of the service tells clients whether, and when, to try again: each API, streamed and not. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Behaviour } from '../../simulator/replies/behaviour.ts'
import { exception } from '../../simulator/replies/steps.ts'
import type { FailureKind } from '../../src/conversation/failures.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { OPENAI, errorOf, forms, questionFor, readAnswer } from '../read-answer.ts'

const idIn = z.looseObject({ id: z.string() })

let gateway: GatewayUnderTest
beforeAll(async () => {
  gateway = await startGatewayUnderTest()
})
afterAll(() => gateway.close())
beforeEach(async () => {
  gateway.simulator.clearPlans()
  gateway.simulator.journal.clear()
  await gateway.resetAccount()
})

interface Signals {
  /** Seconds; undefined: nobody knows. */
  wait?: readonly [least: number, most: number]
  /** Clients shall not try again by themselves. */
  final?: boolean
  /** When a quota is renewed, which may be in minutes or weeks. */
  endsByCalendar?: boolean
}

const soon = [1, 10] as const

const refusals: [name: string, kind: FailureKind, signals: Signals][] = [
  ['throttled', 'throttled', { wait: [1, 1] }],
  ['throttled-rate', 'throttled', { wait: [1, 1] }],
  // What the service says itself, to the second that has begun.
  ['throttled-429', 'throttled', { wait: [1, 2] }],
  // 300 s are told as 60: a request may wait in vain, but not five minutes in silence.
  ['credit-rate', 'throttled', { wait: [60, 60] }],
  ['high-traffic', 'capacity', { wait: soon }],
  ['high-load', 'capacity', { wait: soon }],
  ['high-load-null', 'capacity', { wait: soon }],
  ['exception-first', 'capacity', { wait: soon }],
  ['monthly-limit', 'quota', { final: true, endsByCalendar: true }],
  ['free-tier-used-up', 'quota', { final: true, endsByCalendar: true }],
  ['overage-limit', 'quota', { final: true, endsByCalendar: true }],
  ['daily-limit', 'quota', { final: true, endsByCalendar: true }],
  ['suspended', 'suspended', { final: true }],
  ['feature-gate', 'feature-gated', { final: true }],
  ['not-authorized', 'access-denied', { final: true }],
  ['invalid-bearer', 'access-denied', { final: true }],
  ['invalid-model', 'model-not-found', { final: true }],
  ['internal-error', 'upstream-unavailable', {}],
  ['html-502', 'upstream-unavailable', {}],
  ['no-answer', 'upstream-unavailable', {}],
  ['empty', 'empty-reply', {}],
]

/** Claude Code reads both numbers; Cline, Codex, opencode and others look for OpenAI's words or its code. */
const ANTHROPIC_TOO_LONG = /^prompt is too long: \d+ tokens > 200000 maximum/
const OPENAI_TOO_LONG =
  /^This model's maximum context length is 200000 tokens\. However, your messages resulted in \d+ tokens\. Please reduce the length of the messages\./

describe.each(forms)('a refusal at $path (stream: $stream)', ({ path, stream }) => {
  it.each(refusals)(
    'tells for %s what helps',
    async (name, kind, { wait, final = false, endsByCalendar = false }) => {
      gateway.simulator.plan({ behaviour: { kind: 'named', name } })
      const answer = await gateway.postJson(path, questionFor(path, stream))
      const { status, type, code } = errorOf(path, kind)
      expect(answer.status).toBe(status)
      expect((await readAnswer(answer.clone())).error).toMatchObject({ type, code })
      expect(answer.headers.get('x-should-retry')).toBe(final ? 'false' : null)
      const told = answer.headers.get('retry-after')
      // Of days nobody is told to wait them out; a midnight may be near.
      expect(told === null).toBe(endsByCalendar ? Number(told) === 0 : wait === undefined)
      expect(told ?? '1').toMatch(/^[1-9]\d*$/)
      const [least, most] = wait ?? (endsByCalendar ? [0, 600] : [0, 0])
      expect(Number(told)).toBeGreaterThanOrEqual(least)
      expect(Number(told)).toBeLessThanOrEqual(most)
    },
  )

  it.each(['input-too-long', 'prompt-too-long', 'chat-context-too-long', 'body-too-large', 'html-413'])(
    'says for %s in the words of its API that the prompt is too long, and by how much',
    async (name) => {
      gateway.simulator.plan({ behaviour: { kind: 'named', name } })
      const answer = await gateway.postJson(path, questionFor(path, stream))
      const { error } = await readAnswer(answer)
      expect(answer.status).toBe(400)
      expect(error).toMatchObject({
        type: 'invalid_request_error',
        code: path === OPENAI ? 'context_length_exceeded' : undefined,
        message: expect.stringMatching(path === OPENAI ? OPENAI_TOO_LONG : ANTHROPIC_TOO_LONG),
      })
      // It is the same at each attempt, and no fault of the account.
      expect(gateway.simulator.journal.of('GenerateAssistantResponse')).toHaveLength(1)
    },
  )
})

describe.each(forms)(
  'while every account has used up its quota ($path, stream: $stream)',
  ({ path, stream }) => {
    it('each request is told that, and not to be sent again, without a wait of days', async () => {
      gateway.simulator.plan({ behaviour: { kind: 'named', name: 'monthly-limit' }, times: 1 })
      const { status, type, code } = errorOf(path, 'quota')
      for (let request = 0; request < 3; request += 1) {
        const answer = await gateway.postJson(path, questionFor(path, stream))
        expect(answer.status).toBe(status)
        expect(answer.headers.get('x-should-retry')).toBe('false')
        expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(600)
        expect((await readAnswer(answer)).error).toMatchObject({ type, code })
      }
      expect(gateway.simulator.journal.of('GenerateAssistantResponse')).toHaveLength(1)
    })
  },
)

describe.each(forms)('while every account rests ($path, stream: $stream)', ({ path, stream }) => {
  it('a further request is told so by 429 with the true wait, and the service is not asked', async () => {
    const headers = { 'retry-after': '40' }
    const refusal = { name: 'ThrottlingException', message: 'Too many requests.', status: 429, headers }
    gateway.simulator.plan({ behaviour: { kind: 'refusal', refusal }, times: 1 })
    for (let request = 0; request < 3; request += 1) {
      const answer = await gateway.postJson(path, questionFor(path, stream))
      expect(answer.status).toBe(429)
      // Some of the 40 s may have gone by.
      expect(Math.abs(Number(answer.headers.get('retry-after')) - 39)).toBeLessThanOrEqual(1)
      await answer.text()
    }
    expect(gateway.simulator.journal.of('GenerateAssistantResponse')).toHaveLength(1)
  })
})

const named = (name: string): Behaviour => ({ kind: 'named', name })

describe.each(forms)('with a second account ($path, stream: $stream)', ({ path, stream }) => {
  const steps = [
    exception('throttlingException', { message: 'Too many.', reason: 'USER_REQUEST_RATE_EXCEEDED' }),
  ]
  it.each<[string, Behaviour]>([
    ['throttling', named('throttled')],
    ['a used-up quota', named('monthly-limit')],
    ['a suspended account', named('suspended')],
    ['a fault of the service', named('internal-error')],
    ['an exception inside of the answer, before its content', { kind: 'steps', steps }],
  ])('a client learns of %s by a header alone', async (_, behaviour) => {
    const { clientId, clientSecret, refreshToken } = gateway.simulator.seed()
    const added = await gateway.postJson('/v2/accounts', { clientId, clientSecret, refreshToken })
    expect(added.status).toBe(200)
    gateway.simulator.plan({ behaviour, times: 1 })
    const answer = await gateway.postJson(path, questionFor(path, stream))
    expect(await readAnswer(answer.clone())).toMatchObject({ status: 200, error: undefined })
    expect(answer.headers.get('x-aqueduct-repaired')).toBe('other-account')
    const { id } = idIn.parse(await added.json())
    await gateway.fetch(`/v2/accounts/${id}`, { method: 'DELETE' })
  })
})
