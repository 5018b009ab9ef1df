import { describe, expect, it } from 'vitest'
import { sampleEndedCall } from './sample-ended-call.ts'
import { createNameAdmission, createTopSteps } from './top-steps.ts'

const START = Date.parse('2026-11-22T10:00:00Z')
const MINUTE_MS = 60_000

const start = (most?: number) => createTopSteps(createNameAdmission(most))
const counts = { requests: 1, failures: 0, inputTokens: 1110, outputTokens: 5 }

describe('top models and keys', () => {
  it('are counted by the minute, and added up by the hour', () => {
    const tops = start()
    tops.count(sampleEndedCall('1'))
    tops.count(sampleEndedCall('2', { endedAt: START + MINUTE_MS, outcome: 'throttled' }))
    expect(tops.steps(60).filter(({ kind }) => kind === 'model')).toEqual([
      { kind: 'model', name: 'm', at: START, ...counts },
      { kind: 'model', name: 'm', at: START + MINUTE_MS, ...counts, failures: 1 },
    ])
    const twice = { requests: 2, failures: 1, inputTokens: 2220, outputTokens: 10 }
    expect(tops.steps(3600)).toEqual([
      { kind: 'model', name: 'm', at: START, ...twice },
      { kind: 'key', name: 'k', at: START, ...twice },
    ])
  })

  it.each([
    ['client-error', 0],
    ['cancelled', 0],
    ['shed', 1],
    ['upstream-error', 1],
  ] as const)('of which %s is %i failure', (outcome, failures) => {
    const tops = start()
    tops.count(sampleEndedCall('1', { outcome }))
    expect(tops.steps(60)[0]).toMatchObject({ requests: 1, failures })
  })

  it('leave out what was refused before a model was known, and whoever had no key that is known', () => {
    const tops = start()
    tops.count(sampleEndedCall('1', { failure: 'model-not-found', outcome: 'client-error' }))
    tops.count(sampleEndedCall('2', { call: undefined, failure: 'rate-limited', outcome: 'shed' }))
    expect(tops.steps(60).map(({ kind, name }) => [kind, name])).toEqual([['key', 'k']])
    const strangers = start()
    const stranger = { keyId: undefined, call: undefined, outcome: 'client-error' } as const
    strangers.count(sampleEndedCall('3', { ...stranger, failure: 'unauthenticated' }))
    expect(strangers.isEmpty()).toBe(true)
    strangers.count(sampleEndedCall('4', { ...stranger, failure: 'invalid-request' }))
    expect(strangers.steps(60).map(({ kind, name }) => [kind, name])).toEqual([['key', '']])
  })

  it('have so many names in an hour, and the others together', () => {
    const tops = start(2)
    for (const model of ['a', 'b', 'c', 'd', 'a']) tops.count(sampleEndedCall(model, { model }))
    tops.count(sampleEndedCall('next', { model: 'c', endedAt: START + 60 * MINUTE_MS }))
    const models = tops.steps(3600).filter(({ kind }) => kind === 'model')
    expect(models.map(({ name, requests }) => [name, requests])).toEqual([
      ['a', 2],
      ['b', 1],
      ['*', 2],
      ['c', 1],
    ])
  })

  it('count names that are too long for their column together', () => {
    const tops = start()
    tops.count(sampleEndedCall('1', { model: 'm'.repeat(65) }))
    expect(tops.steps(60)[0]?.name).toBe('*')
  })

  it('take back what could not be stored', () => {
    const first = start()
    first.count(sampleEndedCall('1'))
    const second = start()
    second.count(sampleEndedCall('2'))
    second.add(first.steps(60))
    expect(second.steps(60)).toMatchObject([{ requests: 2 }, { requests: 2 }])
  })
})
