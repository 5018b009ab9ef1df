/** Relay and pool as they are, before a service that fails as a test says, on a clock that the test moves. */
import { createFakeClock } from './fake-clock.ts'
import { plainProfiles } from './plain-profiles.ts'
import { hostOf, relayGuards } from './relay-guards.ts'
import { sampleModel } from './sample-model.ts'
import { sampleReply } from './sample-reply.ts'
import type { Account } from '../src/accounts/account.ts'
import { createPool } from '../src/accounts/pool/pool.ts'
import { sampleAccount, sampleLimits } from '../src/accounts/sample-account.ts'
import { chooseAtRandom } from '../src/accounts/pool/strategies/random.ts'
import { createCall, type Call } from '../src/calls/call.ts'
import { createConversation } from '../src/conversation/conversation.ts'
import { GatewayError, toGatewayError, type Failure } from '../src/conversation/failures.ts'
import type { Decoder } from '../src/conversation/stage.ts'
import type { ReplySink } from '../src/relay/pump.ts'
import { createRelay } from '../src/relay/relay.ts'
import type { AnswerBody, Exchange } from '../src/upstreams/upstream.ts'

/** What the service does with one request: it answers, or fails with this. */
export type Fate = 'answer' | Omit<Failure, 'message'>

interface LabWishes {
  accountIds: readonly string[]
  /** Asked when the request reaches the service. */
  fateOf: (of: { accountId: string; at: number; model: string }) => Fate
  answerMs?: number
  failMs?: number
  maxStrikes?: number
  /** How long a request waits for an account. */
  waitMs?: number
  /** Requests at once of one key. */
  keyConcurrency?: number
}

interface Load {
  perSecond: number
  seconds: number
  /** By the number of the request, from 0. */
  modelOf?: (request: number) => string
  keyOf?: (request: number) => string
  /** In how small steps time moves on. */
  stepMs?: number
}

interface Who {
  model?: string | undefined
  key?: string | undefined
}

export interface Played {
  key: string
  startedAt: number
  endedAt: number
  failure: Failure | undefined
  call: Call
}

export async function openOutageLab(wishes: LabWishes) {
  const { accountIds, fateOf, answerMs = 200, failMs = 50 } = wishes
  const { maxStrikes = 100, waitMs = 5000, keyConcurrency = Number.POSITIVE_INFINITY } = wishes
  const clock = createFakeClock()
  const random = createRandom()
  const stored = new Map<string, Account>(
    accountIds.map((id) => [id, sampleAccount(id, { fingerprints: { refreshToken: '0' } })]),
  )
  const pool = await createPool({
    store: { list: async () => [...stored.values()], addCounters: async () => {} },
    strategy: chooseAtRandom,
    random,
    clock,
    limits: { ...sampleLimits, maxStrikes, waitMs, keyConcurrency },
    report: (error) => {
      throw error
    },
  })
  /** When each request reached the service, and for which account. */
  const asked: { at: number; accountId: string }[] = []
  const exchange: Exchange = {
    inputTokens: 1,
    rewrite: () => undefined,
    preview: () => {
      throw new Error('Nobody asks for it.')
    },
    send({ accountId }, { model }) {
      const at = clock.elapsed()
      asked.push({ at, accountId })
      const fate = fateOf({ accountId, at, model: model.id })
      return new Promise((resolve, reject) => {
        clock.after(fate === 'answer' ? answerMs : failMs, () => {
          if (fate === 'answer') resolve({ body: oneByte(), decoder: createAnswer(), losses: [] })
          else reject(failureOf(fate))
        })
      })
    },
  }
  const relay = createRelay({
    upstream: { hostOf, prepare: () => exchange },
    models: {
      resolve: (name) => ({ ...sampleModel, id: name }),
      asksToThink: () => false,
      ofAccount: async (_, model) => model,
      noteFieldsRefused: () => {},
    },
    pool,
    freshCredentials: { get: async () => 'token', refresh: async () => 'fresh token' },
    profiles: plainProfiles,
    clock,
    random,
    timeouts: { firstEventMs: 120_000, idleMs: 600_000 },
    ...relayGuards(clock),
  })

  async function play({ model = 'm', key = 'k' }: Who = {}): Promise<Played> {
    const startedAt = clock.elapsed()
    const call = createCall({ dialect: 'openai-chat', model, stream: true })
    const plan = relay.plan(createConversation({ model, turns: [] }), { key })
    const { signal } = new AbortController()
    const failure = await plan.run({ sink: idleSink, gate: 'first-content', call, signal }).then(
      () => undefined,
      (error: unknown) => toGatewayError(error).failure,
    )
    return { key, startedAt, endedAt: clock.elapsed(), failure, call }
  }

  /** Moves time on in small steps, so that what follows from one thing happens before the next. */
  async function pass(ms: number, stepMs = 10): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      clock.advance(Math.min(stepMs, left))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  return {
    clock,
    pool,
    asked,
    play,
    pass,
    /** Requests at an even pace; resolves when all have ended. */
    async load({ perSecond, seconds, modelOf, keyOf, stepMs }: Load): Promise<Played[]> {
      const playing: Promise<Played>[] = []
      for (let request = 0; request < perSecond * seconds; request += 1) {
        playing.push(play({ model: modelOf?.(request), key: keyOf?.(request) }))
        await pass(1000 / perSecond, stepMs)
      }
      await pass(10_000)
      return Promise.all(playing)
    },
  }
}

/** A generator of the Lehmer family: the same numbers each time. */
export function createRandom(seed = 42): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

function createAnswer(): Decoder {
  return { push: (_, emit) => sampleReply.forEach((event) => emit(event)), end: () => {} }
}

function oneByte(): AnswerBody {
  return {
    read(reader) {
      reader.take([new Uint8Array(1)])
      reader.end()
    },
    pause: () => {},
    resume: () => {},
    destroy: () => {},
  }
}

const idleSink: ReplySink = {
  describe: () => {},
  push: () => {},
  flush: () => true,
  onDrain: () => {},
  hasContentLeft: () => false,
}

function failureOf({ kind, ...details }: Exclude<Fate, 'answer'>): GatewayError {
  return new GatewayError(kind, 'scripted', details)
}
