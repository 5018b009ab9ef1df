import { PassThrough, Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { bodyOf } from '../../test/answer-body.ts'
import { createFakeClock } from '../../test/fake-clock.ts'
import type { Account } from '../accounts/account.ts'
import type { Outcome } from '../accounts/standing/after-outcome.ts'
import type { Lease } from '../accounts/pool/pool.ts'
import { sampleAccount } from '../accounts/sample-account.ts'
import type { Clock } from '../clock.ts'
import { createConversation, type Thinking } from '../conversation/conversation.ts'
import { GatewayError, type FailureKind } from '../conversation/failures.ts'
import { isContent, type ReplyEvent } from '../conversation/reply.ts'
import type { Decoder } from '../conversation/stage.ts'
import { hostOf, relayGuards } from '../../test/relay-guards.ts'
import { plainProfiles } from '../../test/plain-profiles.ts'
import { sampleModel } from '../../test/sample-model.ts'
import { sampleUsage } from '../../test/sample-reply.ts'
import type { Access, Exchange, RequestForm, Upstream } from '../upstreams/upstream.ts'
import type { AnswerFacts, ReplySink } from './pump.ts'
import { createRelay } from './relay.ts'

/** What the service does with one attempt: refuse it, or answer some text and then perhaps fail. */
type Script = { refuse: FailureKind } | { text: string; thenFail?: FailureKind }

function createScriptedDecoder(script: { text: string; thenFail?: FailureKind }): Decoder {
  return {
    push(_, emit) {
      emit({ type: 'reply-start' })
      emit({ type: 'block-start', block: { kind: 'text' } })
      if (script.text !== '') emit({ type: 'block-delta', text: script.text })
      if (script.thenFail !== undefined) throw new GatewayError(script.thenFail, 'scripted')
      emit({ type: 'block-end' })
      emit({ type: 'reply-end', stopReason: 'end-turn', usage: sampleUsage })
    },
    end() {},
  }
}

/** Takes everything, and never crosses the retry line. */
const idleSink: ReplySink = {
  describe: () => {},
  push: () => {},
  flush: () => true,
  onDrain: () => {},
  hasContentLeft: () => false,
}

const silentExchange: Pick<Exchange, 'inputTokens' | 'rewrite' | 'preview'> = {
  inputTokens: 7,
  rewrite: () => undefined,
  preview: () => {
    throw new Error('Nobody asks for it.')
  },
}

function createScriptedUpstream(scripts: Script[]): {
  upstream: Pick<Upstream, 'prepare' | 'hostOf'>
  accesses: Access[]
} {
  const accesses: Access[] = []
  const upstream: Pick<Upstream, 'prepare' | 'hostOf'> = {
    hostOf,
    prepare: () => ({
      ...silentExchange,
      async send(access) {
        accesses.push(access)
        const script = scripts.shift()
        if (script === undefined) throw new Error('One attempt too many.')
        if ('refuse' in script) throw new GatewayError(script.refuse, 'scripted')
        return {
          body: bodyOf(Readable.from([Buffer.from('.')])),
          decoder: createScriptedDecoder(script),
          losses: [],
        }
      },
    }),
  }
  return { upstream, accesses }
}

/** Accounts a, b, c … in turn; a refused token is replaced by one with a dash more. */
function createAccounts(ids: string[]) {
  const settled: string[] = []
  const tokens = new Map(ids.map((id) => [id, id]))
  const tokenOf = async ({ id }: Account) => tokens.get(id) ?? id
  return {
    settled,
    pool: {
      async lease({ exclude }: { exclude?: ReadonlySet<string> } = {}): Promise<Lease | undefined> {
        if (ids.length === 0) throw new GatewayError('no-account', 'none')
        const id = ids.find((each) => exclude?.has(each) !== true)
        if (id === undefined) return undefined
        const settle = (outcome: Outcome) =>
          void settled.push(`${id}:${outcome.kind === 'failed' ? outcome.failure.kind : outcome.kind}`)
        return {
          account: sampleAccount(id),
          placement: 'anywhere',
          explain: () => [],
          noteAnswered: () => {},
          settle,
        }
      },
      retryAfterSeconds: () => undefined,
      explain: () => [],
    },
    random: () => 0,
    profiles: plainProfiles,
    freshCredentials: {
      get: tokenOf,
      async refresh(account: Account, refused: string) {
        if (tokens.get(account.id) === refused) tokens.set(account.id, `${refused}-`)
        return tokenOf(account)
      },
    },
  }
}

/** A clock on which short waits are over at once; `waited` has them. */
function createImpatientClock() {
  const clock = createFakeClock()
  const waited: number[] = []
  const after: Clock['after'] = (delayMs, action) => {
    if (delayMs > 5000) return clock.after(delayMs, action)
    waited.push(delayMs)
    queueMicrotask(action)
    return () => {}
  }
  return { clock: { ...clock, after }, waited }
}

const models = {
  resolve: () => sampleModel,
  asksToThink: () => false,
  ofAccount: async () => sampleModel,
  noteFieldsRefused: () => {},
}

async function play(scripts: Script[], ids = ['a', 'b', 'c', 'd'], readyInSeconds?: number) {
  const { upstream, accesses } = createScriptedUpstream(scripts)
  const { settled, pool, ...accounts } = createAccounts(ids)
  const { clock, waited } = createImpatientClock()
  const received: ReplyEvent[] = []
  const described: AnswerFacts[] = []
  const relay = createRelay({
    upstream,
    models,
    ...accounts,
    pool: { ...pool, retryAfterSeconds: () => readyInSeconds },
    clock,
    ...relayGuards(clock),
    timeouts: { firstEventMs: 60_000, idleMs: 60_000 },
  })
  const plan = relay.plan(createConversation({ model: 'm', turns: [] }))
  const error: unknown = await plan
    .run({
      sink: {
        describe: (facts) => void described.push(facts),
        push: (event) => void received.push(event),
        flush: () => true,
        onDrain: () => {},
        hasContentLeft: () => received.some(isContent),
      },
      gate: 'first-content',
      signal: new AbortController().signal,
    })
    .catch((thrown: unknown) => thrown)
  const failure = error instanceof GatewayError ? error.failure : undefined
  const text = received.map((event) => (event.type === 'block-delta' ? event.text : '')).join('')
  return {
    result: error === undefined ? 'answered' : (failure?.kind ?? error),
    retryAfterSeconds: failure?.retryAfterSeconds,
    text,
    described,
    settled,
    waited,
    tokens: accesses.map((access) => access.accessToken),
    left: scripts.length,
  }
}

function breakDown(): never {
  throw new Error('broken')
}

describe('relay', () => {
  it('refreshes a refused token once and answers on the same account', async () => {
    expect(await play([{ refuse: 'token-expired' }, { text: 'hi' }])).toMatchObject({
      result: 'answered',
      text: 'hi',
      settled: ['a:success'],
      tokens: ['a', 'a-'],
      left: 0,
    })
  })

  it('takes an account whose fresh token is refused for not let in, and goes on to another', async () => {
    const { result, settled, tokens } = await play([
      { refuse: 'token-expired' },
      { refuse: 'token-expired' },
      { text: 'hi' },
    ])
    expect({ result, settled, tokens }).toEqual({
      result: 'answered',
      settled: ['a:access-denied', 'b:success'],
      tokens: ['a', 'a-', 'b'],
    })
  })

  it('tries at most three accounts and tells the last failure', async () => {
    const { result, settled } = await play([
      { refuse: 'throttled' },
      { refuse: 'throttled' },
      { refuse: 'quota' },
    ])
    expect(result).toBe('quota')
    expect(settled).toEqual(['a:throttled', 'b:throttled', 'c:quota'])
  })

  it('asks one other account for a model without room, after a moment, and no third', async () => {
    const once = await play([{ refuse: 'capacity' }, { text: 'hi' }])
    expect(once).toMatchObject({ text: 'hi', settled: ['a:capacity', 'b:success'], waited: [1000] })
    const twice = await play([{ refuse: 'capacity' }, { refuse: 'capacity' }, { text: 'never' }])
    expect(twice).toMatchObject({ result: 'capacity', settled: ['a:capacity', 'b:capacity'], left: 1 })
  })

  it('sends plainer forms after a refusal, as long as the upstream knows one, and notes what the account refuses', async () => {
    const forms: RequestForm[] = []
    const fieldsRefused: string[] = []
    const described: AnswerFacts[] = []
    const { settled, ...accounts } = createAccounts(['a', 'b'])
    const exchange: Exchange = {
      ...silentExchange,
      rewrite: (form) =>
        form.toolSchemas === 'full'
          ? { ...form, toolSchemas: 'plain' }
          : { ...form, modelFields: 'left-out' },
      async send(_, { form }) {
        forms.push(form)
        if (form.modelFields === 'sent') throw new GatewayError('invalid-request', 'scripted')
        const decoder = createScriptedDecoder({ text: 'hi' })
        return { body: bodyOf(Readable.from([Buffer.from('.')])), decoder, losses: [{ kind: 'effort' }] }
      },
    }
    const relay = createRelay({
      upstream: { hostOf, prepare: () => exchange },
      models: {
        ...models,
        noteFieldsRefused: (accountId, modelId) => void fieldsRefused.push(`${accountId} ${modelId}`),
      },
      ...accounts,
      clock: createFakeClock(),
      ...relayGuards(createFakeClock()),
      timeouts: { firstEventMs: 1000, idleMs: 1000 },
    })
    await relay.plan(createConversation({ model: 'm', turns: [] })).run({
      sink: {
        describe: (facts) => void described.push(facts),
        push: () => {},
        flush: () => true,
        onDrain: () => {},
        hasContentLeft: () => false,
      },
      gate: 'first-content',
      signal: new AbortController().signal,
    })
    expect(forms.map(({ toolSchemas, modelFields }) => [toolSchemas, modelFields])).toEqual([
      ['full', 'sent'],
      ['plain', 'sent'],
      ['plain', 'left-out'],
    ])
    expect(fieldsRefused).toEqual([`a ${sampleModel.id}`])
    expect(settled).toEqual(['a:success'])
    expect(described).toEqual([
      { losses: [{ kind: 'effort' }], repairs: ['plain-tool-schemas', 'without-model-fields'] },
    ])
  })

  it('holds nothing against an account that refuses the plainest form as well', async () => {
    const fieldsRefused: string[] = []
    const { settled, ...accounts } = createAccounts(['a'])
    const relay = createRelay({
      upstream: {
        hostOf,
        prepare: () => ({
          ...silentExchange,
          rewrite: (form) => (form.modelFields === 'sent' ? { ...form, modelFields: 'left-out' } : undefined),
          send: async () => {
            throw new GatewayError('invalid-request', 'scripted')
          },
        }),
      },
      models: { ...models, noteFieldsRefused: (accountId) => void fieldsRefused.push(accountId) },
      ...accounts,
      clock: createFakeClock(),
      ...relayGuards(createFakeClock()),
      timeouts: { firstEventMs: 1000, idleMs: 1000 },
    })
    const running = relay
      .plan(createConversation({ model: 'm', turns: [] }))
      .run({ sink: idleSink, gate: 'first-content', signal: new AbortController().signal })
    await expect(running).rejects.toThrow('scripted')
    expect([fieldsRefused, settled]).toEqual([[], ['a:invalid-request']])
  })

  it('tells an answer what was done before it', async () => {
    const { described } = await play([{ refuse: 'token-expired' }, { refuse: 'throttled' }, { text: 'hi' }])
    expect(described).toEqual([{ losses: [], repairs: ['other-account', 'refresh'] }])
  })

  it('asks one other account for a model that the first is not given', async () => {
    const refusals = [{ refuse: 'model-not-found' as const }, { refuse: 'model-not-found' as const }]
    const played = await play([...refusals, { text: 'never' }])
    expect(played).toMatchObject({ result: 'model-not-found', left: 1, waited: [] })
  })

  it.each<[FailureKind, number | undefined]>([
    ['throttled', 17],
    ['quota', 17],
    ['capacity', 17],
    ['suspended', undefined],
  ])('tells after %s when an account will be ready', async (kind, seconds) => {
    const { retryAfterSeconds } = await play([{ refuse: kind }], ['a'], 17)
    expect(retryAfterSeconds).toBe(seconds)
  })

  it.each<[FailureKind, number | undefined]>([
    ['throttled', 1],
    ['capacity', 1],
    // Nobody is told to send again what a used-up quota refused.
    ['quota', undefined],
  ])(
    'tells after %s to wait as briefly as can be told where the pause is over already',
    async (kind, seconds) => {
      const { retryAfterSeconds } = await play([{ refuse: kind }, { refuse: kind }], ['a'], undefined)
      expect(retryAfterSeconds).toBe(seconds)
    },
  )

  it('asks only the account that is wished for', async () => {
    const wishes: unknown[] = []
    const { upstream } = createScriptedUpstream([])
    const { settled: _settled, ...accounts } = createAccounts(['a'])
    const pool = {
      ...accounts.pool,
      lease: async (wish: unknown) => {
        wishes.push(wish)
        throw new GatewayError('not-found', 'scripted')
      },
    }
    const relay = createRelay({
      upstream,
      models,
      ...accounts,
      pool,
      clock: createFakeClock(),
      ...relayGuards(createFakeClock()),
      timeouts: { firstEventMs: 1000, idleMs: 1000 },
    })
    const { signal } = new AbortController()
    const plan = relay.plan(createConversation({ model: 'm', turns: [] }), { accountId: 'x' })
    await expect(plan.run({ sink: idleSink, gate: 'first-content', signal })).rejects.toThrow('scripted')
    expect(wishes).toMatchObject([{ model: 'claude-sonnet-4.5', accountId: 'x', exclude: new Set(), signal }])
  })

  it('gives the second account back unused when the client leaves before the moment is over', async () => {
    const { upstream } = createScriptedUpstream([{ refuse: 'capacity' }])
    const { settled, ...accounts } = createAccounts(['a', 'b'])
    const clock = createFakeClock()
    const client = new AbortController()
    const relay = createRelay({
      upstream,
      models,
      ...accounts,
      clock,
      ...relayGuards(clock),
      timeouts: { firstEventMs: 1000, idleMs: 1000 },
    })
    const running = relay
      .plan(createConversation({ model: 'm', turns: [] }))
      .run({ sink: idleSink, gate: 'first-content', signal: client.signal })
    await new Promise((resolve) => setImmediate(resolve))
    expect(clock.pending()).toBe(1)
    client.abort()
    await expect(running).rejects.toMatchObject({ failure: { kind: 'client-gone' } })
    expect(settled).toEqual(['a:capacity', 'b:abandoned'])
    expect(clock.pending()).toBe(0)
  })

  it('settles the lease once even when the sink fails', async () => {
    const { upstream } = createScriptedUpstream([{ refuse: 'throttled' }])
    const { settled, ...accounts } = createAccounts(['a'])
    const relay = createRelay({
      upstream,
      models,
      ...accounts,
      clock: createFakeClock(),
      ...relayGuards(createFakeClock()),
      timeouts: { firstEventMs: 1000, idleMs: 1000 },
    })
    const sink = { ...idleSink, hasContentLeft: breakDown }
    const { signal } = new AbortController()
    const plan = relay.plan(createConversation({ model: 'm', turns: [] }))
    await expect(plan.run({ sink, gate: 'first-content', signal })).rejects.toMatchObject({
      failure: { kind: 'internal' },
    })
    expect(settled).toEqual(['a:throttled'])
  })

  it('tells the failure of the only account, not that there is no other', async () => {
    const { result, settled } = await play([{ refuse: 'suspended' }], ['a'])
    expect(result).toBe('suspended')
    expect(settled).toEqual(['a:suspended'])
  })

  it('tells that there is no account when there is none', async () => {
    expect(await play([], [])).toMatchObject({ result: 'no-account', settled: [] })
  })

  it.each<[FailureKind, number]>([
    ['empty-reply', 1],
    ['interrupted', 1],
  ])('repeats after %s before content, once', async (kind, attemptsLeft) => {
    const repeated = await play([{ text: '', thenFail: kind }, { text: 'hi' }])
    expect(repeated).toMatchObject({ result: 'answered', text: 'hi', settled: ['a:success'] })
    const twice = await play([{ text: '', thenFail: kind }, { text: '', thenFail: kind }, { text: 'never' }])
    expect(twice).toMatchObject({ result: kind, left: attemptsLeft })
  })

  it.each<FailureKind>(['interrupted', 'throttled', 'token-expired', 'capacity', 'upstream-unavailable'])(
    'tries nothing after content has left, whatever %s would allow',
    async (kind) => {
      const { result, text, settled, left } = await play([
        { text: 'half', thenFail: kind },
        { text: 'never' },
      ])
      expect({ result, text, settled, left }).toEqual({
        result: kind,
        text: 'half',
        settled: [`a:${kind}`],
        left: 1,
      })
    },
  )

  it.each<FailureKind>(['invalid-request', 'context-too-long', 'internal'])(
    'does not try another account for %s',
    async (kind) => {
      expect(await play([{ refuse: kind }, { text: 'never' }])).toMatchObject({ result: kind, left: 1 })
    },
  )

  it.each<[string, Thinking, string]>([
    ['nobody asked for it', { kind: 'off' }, 'end-turn'],
    ['the client does not want to see it', { kind: 'adaptive', shown: false }, 'end-turn'],
    ['the client asked for it', { kind: 'adaptive', shown: true }, 'hm end-turn'],
  ])('hides thinking, and answers nevertheless, when %s', async (_name, thinking, expected) => {
    const { settled, ...accounts } = createAccounts(['a'])
    const decoder: Decoder = {
      push(_, emit) {
        emit({ type: 'reply-start' })
        emit({ type: 'block-start', block: { kind: 'thinking' } })
        emit({ type: 'block-delta', text: 'hm ' })
        emit({ type: 'block-end', signature: 's' })
        emit({ type: 'reply-end', stopReason: 'end-turn', usage: sampleUsage })
      },
      end() {},
    }
    const send = async () => ({ body: bodyOf(Readable.from([Buffer.from('.')])), decoder, losses: [] })
    const relay = createRelay({
      upstream: {
        hostOf,
        prepare: () => ({ ...silentExchange, send }),
      },
      models,
      ...accounts,
      clock: createFakeClock(),
      ...relayGuards(createFakeClock()),
      timeouts: { firstEventMs: 1000, idleMs: 1000 },
    })
    let told = ''
    await relay.plan(createConversation({ model: 'm', turns: [], thinking })).run({
      sink: {
        describe() {},
        push(event) {
          if (event.type === 'block-delta') told += event.text
          if (event.type === 'reply-end') told += event.stopReason
        },
        flush: () => true,
        onDrain: () => {},
        hasContentLeft: () => told !== '',
      },
      gate: 'first-content',
      signal: new AbortController().signal,
    })
    expect([told, settled]).toEqual([expected, ['a:success']])
  })

  it('gives the account back without blame when the client leaves', async () => {
    const { settled, ...accounts } = createAccounts(['a'])
    const client = new AbortController()
    const body = new PassThrough()
    const relay = createRelay({
      upstream: {
        hostOf,
        prepare: () => ({
          ...silentExchange,
          send: async () => ({
            body: bodyOf(body),
            decoder: createScriptedDecoder({ text: '' }),
            losses: [],
          }),
        }),
      },
      models,
      ...accounts,
      clock: createFakeClock(),
      ...relayGuards(createFakeClock()),
      timeouts: { firstEventMs: 1000, idleMs: 1000 },
    })
    const running = relay.plan(createConversation({ model: 'm', turns: [] })).run({
      sink: idleSink,
      gate: 'first-content',
      signal: client.signal,
    })
    await new Promise((resolve) => setImmediate(resolve))
    client.abort()
    await expect(running).rejects.toMatchObject({ failure: { kind: 'client-gone' } })
    expect(settled).toEqual(['a:abandoned'])
    expect(body.destroyed).toBe(true)
  })
})
