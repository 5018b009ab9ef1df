import { describe, expect, it, vi } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import type { CaptureRule, CaptureScope, RulesInForce } from './capture-rule.ts'
import type { CaptureCounts } from './capture-store.ts'
import type { CapturedCall } from './captured-body.ts'
import { createCaptures } from './captures.ts'

const MINUTE_MS = 60_000
const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

function start(rulesOf: (now: number) => RulesInForce) {
  const clock = createFakeClock()
  const stored: CapturedCall[] = []
  const counts = new Map<CaptureScope, CaptureCounts>()
  const report = vi.fn<(error: unknown) => void>()
  const state: { fails: boolean; holdUp?: Promise<void>; inForce: RulesInForce } = {
    fails: false,
    inForce: rulesOf(clock.now()),
  }
  const captures = createCaptures({
    rules: () => state.inForce,
    store: {
      async insert(calls, counted) {
        await state.holdUp
        if (state.fails) throw new Error('The disk is full.')
        stored.push(...calls)
        for (const [scope, { captured, dropped }] of counted) {
          const known = counts.get(scope) ?? { captured: 0, dropped: 0 }
          counts.set(scope, { captured: known.captured + captured, dropped: known.dropped + dropped })
        }
      },
    },
    keepMs: MINUTE_MS,
    bounds: { mostCalls: 10, mostBytes: 1e6 },
    clock,
    report,
  })
  const begin = (keyId?: string) => captures.begin(keyId)
  const end = (id: string, ongoing = begin(), hasFailed = false) =>
    ongoing?.end({ id, path: '/v1/messages', body: { id }, hasFailed })
  return { clock, captures, stored, counts, state, report, begin, end }
}

const ruleOf = (scope: CaptureScope, now: number, more: Partial<CaptureRule> = {}): CaptureRule => ({
  scope,
  startedAt: now,
  endsAt: now + MINUTE_MS,
  ...more,
})
const all = (now: number) => [ruleOf('all', now)]

describe('what is said in a call', () => {
  it('is looked at by nobody while nothing is switched on', async () => {
    const now = vi.fn<() => number>(() => 0)
    const clock = { ...createFakeClock(), now }
    const store = { insert: vi.fn<() => Promise<void>>() }
    const bounds = { mostCalls: 1, mostBytes: 1 }
    const captures = createCaptures({
      rules: () => undefined,
      store,
      keepMs: 1,
      bounds,
      clock,
      report: () => {},
    })
    expect(captures.begin('key')).toBeUndefined()
    expect([now.mock.calls.length, clock.pending()]).toEqual([0, 0])
    await captures.close()
    expect(store.insert).not.toHaveBeenCalled()
  })

  it('is stored a moment later, with when it expires', async () => {
    const { clock, stored, counts, begin } = start(all)
    const ongoing = begin()
    ongoing?.noteRequest(Buffer.from('{"a": 1}'))
    ongoing?.answer.add('data: {"b"')
    ongoing?.answer.add(Buffer.from(':2}\n\n'))
    ongoing?.end({ id: 'r', path: '/v1/messages', body: { a: 1 }, hasFailed: false })
    await settle()
    expect(stored).toEqual([])
    const at = clock.now()
    clock.advance(250)
    await settle()
    const hidden = { secrets: 0, fields: 0, media: 0 }
    expect(stored).toEqual([
      {
        id: 'r',
        at,
        expiresAt: at + MINUTE_MS,
        path: '/v1/messages',
        request: { form: 'json', text: '{"a":1}', bytes: 8, isCut: false, hidden },
        answer: { form: 'stream', text: 'data: {"b":2}\n\n', bytes: 15, isCut: false, hidden },
      },
    ])
    expect([counts.get('all'), clock.pending()]).toEqual([{ captured: 1, dropped: 0 }, 0])
  })

  it.each<[string, (now: number) => RulesInForce, string | undefined, boolean, string[]]>([
    ['all', all, undefined, false, ['all']],
    ['its key', (now) => [ruleOf('key', now, { keyId: 'k' }), ruleOf('all', now)], 'k', false, ['key']],
    ['another key', (now) => [ruleOf('key', now, { keyId: 'k' })], 'other', false, []],
    ['a key, without one', (now) => [ruleOf('key', now, { keyId: 'k' })], undefined, false, []],
    ['errors, as it fails', (now) => [ruleOf('errors', now)], undefined, true, ['errors']],
    ['errors, as it does not', (now) => [ruleOf('errors', now)], undefined, false, []],
    ['errors and all', (now) => [ruleOf('errors', now), ruleOf('all', now)], undefined, false, ['all']],
    ['what is over', (now) => [ruleOf('all', now, { endsAt: now })], undefined, false, []],
  ])('comes under the rule for it: %s', async (_, rules, keyId, hasFailed, scopes) => {
    const { captures, counts, begin, end } = start(rules)
    end('r', begin(keyId), hasFailed)
    await captures.flush()
    expect([...counts.keys()]).toEqual(scopes)
  })

  it.each<[string, RulesInForce, boolean, string[]]>([
    ['all is switched off meanwhile', undefined, false, []],
    ['that of its key is left', [ruleOf('key', 0, { keyId: 'k', endsAt: Infinity })], false, ['key']],
    ['that of another key is left', [ruleOf('key', 0, { keyId: 'other', endsAt: Infinity })], false, []],
    ['that for errors is left, and it succeeds', [ruleOf('errors', 0, { endsAt: Infinity })], false, []],
    ['that for errors is left, and it fails', [ruleOf('errors', 0, { endsAt: Infinity })], true, ['errors']],
  ])('comes under the rules at its end, where %s', async (_, inForce, hasFailed, scopes) => {
    const { captures, counts, stored, state, begin, end } = start(all)
    const ongoing = begin('k')
    state.inForce = inForce
    end('r', ongoing, hasFailed)
    await captures.close()
    expect([[...counts.keys()], stored.length]).toEqual([scopes, scopes.length])
  })

  it('is not kept where its time of recording has passed before it ends', async () => {
    const { clock, captures, stored, begin, end } = start(all)
    const ongoing = begin()
    clock.advance(MINUTE_MS)
    end('r', ongoing)
    await captures.close()
    expect(stored).toEqual([])
  })

  it('is left out, and counted, where too many wait', async () => {
    const { captures, stored, counts, state, end } = start(all)
    const holdUp = Promise.withResolvers<void>()
    state.holdUp = holdUp.promise
    for (let calls = 0; calls < 60; calls += 1) end(`r${calls}`)
    holdUp.resolve()
    await captures.close()
    expect([stored.length, counts.get('all')]).toEqual([50, { captured: 50, dropped: 10 }])
  })

  it('is left out, and counted, where too many are under way, and not for ever', async () => {
    const { captures, counts, begin, end } = start(all)
    const ongoing = Array.from({ length: 201 }, () => begin())
    expect(ongoing.filter((each) => each === undefined)).toHaveLength(1)
    end('r', ongoing[0])
    expect(begin()).toBeDefined()
    await captures.close()
    expect(counts.get('all')?.dropped).toBe(1)
  })

  it('is left out, and counted, where it cannot be stored', async () => {
    const { captures, clock, stored, counts, state, report, end } = start(all)
    state.fails = true
    end('r')
    await captures.flush()
    expect([stored.length, report.mock.calls.length]).toEqual([0, 1])
    expect(clock.pending()).toBe(0)
    state.fails = false
    end('s')
    clock.advance(250)
    await settle()
    expect(counts.get('all')).toEqual({ captured: 1, dropped: 1 })
  })

  it('is forgotten while it waits, when all is', async () => {
    const { captures, stored, end } = start(all)
    end('r')
    captures.forgetWaiting()
    await captures.close()
    expect(stored).toEqual([])
  })

  it('is the bytes themselves where they are no JSON', async () => {
    const { captures, stored, begin } = start(all)
    const ongoing = begin()
    ongoing?.keepUnread(Buffer.from('{"a'))
    ongoing?.end({ id: 'r', path: '/', body: undefined, hasFailed: true })
    await captures.close()
    expect(stored[0]?.request).toMatchObject({ form: 'text', text: '{"a', bytes: 3 })
    expect(stored[0]?.answer).toBeUndefined()
  })
})
