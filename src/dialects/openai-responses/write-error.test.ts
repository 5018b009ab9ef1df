import { describe, expect, it } from 'vitest'
import { failurePolicies, policyOf, type Failure, type FailureKind } from '../../conversation/failures.ts'
import { writeOpenaiError } from '../openai-error.ts'
import { createAnswerForm } from './answer-form.ts'
import { writeError } from './write-error.ts'
import { writeFailure } from './write-failure.ts'

const codex = { originator: 'codex_exec', 'user-agent': 'codex_exec/0.169.0 (Debian 12.0.0; x86_64)' }
const kinds = Object.keys(failurePolicies).filter((key): key is FailureKind => key in failurePolicies)
const failureOf = (kind: FailureKind, details: Partial<Failure> = {}): Failure => ({
  kind,
  message: 'no',
  ...details,
})

const formFor = (isCodex: boolean) =>
  createAnswerForm({ tools: new Map(), echo: {}, sealedReasoning: false, isCodex })
const isTold = (failure: Failure, isCodex = true) => formFor(isCodex).tellsInStream?.(failure)

describe('an error of this API', () => {
  it.each(kinds)('is that of OpenAI: %s', (kind) => {
    const failure = failureOf(kind, { retryAfterSeconds: 3 })
    expect(writeError(failure, 'req_1', { 'user-agent': 'OpenAI/JS 6.49.0' })).toEqual(
      writeOpenaiError(failure, 'req_1'),
    )
    expect(writeError(failure, 'req_1')).toEqual(writeOpenaiError(failure, 'req_1'))
  })

  it.each<[FailureKind, number]>([
    ['invalid-request', 400],
    ['context-too-long', 400],
    ['model-not-found', 400],
    ['no-account', 400],
    ['accounts-parked', 400],
    ['sign-in-needed', 400],
    ['unauthenticated', 400],
    ['not-found', 400],
    ['quota', 429],
    ['allowance-spent', 429],
    ['rate-limited', 429],
    ['throttled', 429],
    ['capacity', 503],
    ['upstream-unavailable', 502],
  ])('of kind %s is %i to Codex, and the same in words', (kind, status) => {
    const failure = failureOf(kind)
    for (const headers of [codex, { originator: 'Codex Desktop' }, { 'user-agent': 'codex_cli_rs/0.42' }]) {
      const told = writeError(failure, 'req_1', headers)
      expect(told).toEqual({ ...writeOpenaiError(failure, 'req_1'), status })
    }
  })

  const lasting = kinds.filter((kind) => !policyOf(kind).heals)
  it.each(lasting)('that will not heal is one that Codex does not try again: %s', (kind) => {
    const { status, body } = writeError(failureOf(kind), 'req_1', codex)
    const isQuota = Object(body['error']).code === 'insufficient_quota'
    expect(status).toBe(isQuota ? 429 : 400)
  })

  it('that heals only after long is final to Codex', () => {
    const failure = failureOf('accounts-cooling', { retryAfterSeconds: 3600 })
    expect(writeError(failure, 'req_1', codex)).toMatchObject({
      status: 400,
      headers: { 'retry-after': '3600' },
    })
    expect(isTold(failure)).toBe(false)
  })
})

describe('a failure within a stream', () => {
  it.each<[FailureKind, string, string]>([
    ['context-too-long', 'context_length_exceeded', 'context_length_exceeded'],
    ['quota', 'insufficient_quota', 'insufficient_quota'],
    ['allowance-spent', 'insufficient_quota', 'insufficient_quota'],
    ['throttled', 'rate_limit_exceeded', 'rate_limit_exceeded'],
    ['accounts-cooling', 'rate_limit_exceeded', 'rate_limit_exceeded'],
    ['capacity', 'server_error', 'server_error'],
    ['upstream-timeout', 'server_error', 'server_error'],
    ['interrupted', 'server_error', 'server_error'],
    ['internal', 'server_error', 'server_error'],
    ['accounts-parked', 'account_unavailable', 'invalid_prompt'],
    ['model-not-found', 'model_not_found', 'invalid_prompt'],
    ['invalid-request', 'invalid_value', 'invalid_prompt'],
  ])('of kind %s has code %s, and to Codex %s', (kind, code, toCodex) => {
    expect(writeFailure(failureOf(kind), false)).toMatchObject({ code })
    expect(writeFailure(failureOf(kind), true)).toMatchObject({ code: toCodex })
  })

  it.each([
    [{}, 'no Please try again in 5s.'],
    [{ retryAfterSeconds: 7.1 }, 'no Please try again in 8s.'],
    [{ retryAfterSeconds: 0 }, 'no Please try again in 1s.'],
  ])('says when to come back, in words that Codex reads: %j', (details, message) => {
    const failure = failureOf('throttled', details)
    const told = { code: 'rate_limit_exceeded', message }
    expect(writeFailure(failure, false)).toEqual(told)
    expect(writeFailure(failure, true)).toEqual(told)
  })

  it('says to Codex when to come back, whatever was the matter', () => {
    const failure = failureOf('capacity', { retryAfterSeconds: 20 })
    expect(writeFailure(failure, true)).toEqual({
      code: 'rate_limit_exceeded',
      message: 'no Please try again in 20s.',
    })
    expect(writeFailure(failure, false)).toEqual({ code: 'server_error', message: 'no' })
  })

  it('names a prompt that is too long in the words and numbers that clients look for', () => {
    const overflow = { promptTokens: 210_000, maximumTokens: 200_000 }
    expect(writeFailure(failureOf('context-too-long', { overflow }), true)).toMatchObject({
      message: expect.stringMatching(/^This model's maximum context length is 200000 tokens\./),
    })
  })

  it('ends a turn of Codex that would wait for too long', () => {
    const failure = failureOf('throttled', { retryAfterSeconds: 3600 })
    expect(writeFailure(failure, true)).toEqual({ code: 'invalid_prompt', message: 'no' })
  })

  it.each(kinds)('is how Codex alone is told what is worth another try: %s', (kind) => {
    expect(isTold(failureOf(kind))).toBe(policyOf(kind).heals)
    expect(isTold(failureOf(kind), false)).toBe(false)
  })
})
