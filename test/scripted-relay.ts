/** A relay whose model service and accounts do what a test says, on a clock that only they move. */
import { Readable } from 'node:stream'
import type { LearnedProfile } from '../src/accounts/account.ts'
import { sampleAccount } from '../src/accounts/sample-account.ts'
import type { Clock } from '../src/clock.ts'
import { createConversation, type Conversation } from '../src/conversation/conversation.ts'
import { GatewayError, type FailureKind } from '../src/conversation/failures.ts'
import { isContent, type ReplyEvent } from '../src/conversation/reply.ts'
import type { Decoder } from '../src/conversation/stage.ts'
import type { Reconsidered } from '../src/profiles/profiles.ts'
import type { AnswerFacts } from '../src/relay/pump.ts'
import { createRelay } from '../src/relay/relay.ts'
import type { GateKind } from '../src/relay/stages/gate.ts'
import type { RemedyTaken } from '../src/relay/task.ts'
import type { Exchange, RequestForm } from '../src/upstreams/upstream.ts'
import { bodyOf } from './answer-body.ts'
import { createFakeClock } from './fake-clock.ts'
import { plainProfiles } from './plain-profiles.ts'
import { hostOf, relayGuards } from './relay-guards.ts'
import { sampleModel } from './sample-model.ts'

export interface ScriptedAttempt {
  /** How long the service takes. */
  milliseconds: number
  /** What it says, if it answers. */
  events: readonly ReplyEvent[]
  /** With what the attempt fails, before the answer when there are no events, else behind them. */
  failure?: FailureKind
}

export type ScriptedSearch = Reconsidered & { takesMs?: number }

export interface Script {
  accountIds: readonly string[]
  /** One for each attempt; the last is played again when they are used up. */
  attempts: readonly [ScriptedAttempt, ...ScriptedAttempt[]]
  gate?: GateKind
  conversation?: Partial<Conversation>
  /** What a search for another profile comes to, and how long it takes; absent: that none is to be named. */
  reconsidered?: ScriptedSearch
}

export interface Played {
  /** `answered`, or the kind of the failure. */
  result: string
  events: ReplyEvent[]
  /** When each attempt began, in ms after the request came, and on which account. */
  starts: { at: number; accountId: string }[]
  /** How often each lease was settled, and with what: `a:success`. */
  settled: string[]
  /** Profiles that an account was found to work with. */
  remembered: LearnedProfile[]
  leases: number
  remedies: RemedyTaken[]
  /** As the answer was told last. */
  facts: AnswerFacts | undefined
  timersLeft: number
}

const IMPATIENCE_MS = 5000
const NO_PROFILE: ScriptedSearch = { kind: 'other', profile: { kind: 'none' } }

/** Plays one request from its first attempt to its end. */
export async function playScript(script: Script): Promise<Played> {
  const fake = createFakeClock()
  const clock = createHastyClock(fake)
  const attempts = script.attempts.values()
  let attempt = script.attempts[0]
  const played: Omit<Played, 'result' | 'timersLeft'> = {
    events: [],
    starts: [],
    settled: [],
    remembered: [],
    leases: 0,
    remedies: [],
    facts: undefined,
  }
  const exchange: Exchange = {
    inputTokens: 7,
    rewrite: nextForm,
    preview: refuse,
    async send({ accountId }) {
      attempt = attempts.next().value ?? attempt
      played.starts.push({ at: fake.elapsed(), accountId })
      fake.advance(attempt.milliseconds)
      const { events, failure } = attempt
      if (events.length === 0 && failure !== undefined) throw new GatewayError(failure, 'scripted')
      return {
        body: bodyOf(Readable.from([Buffer.from('.')])),
        decoder: createScriptedDecoder(events, failure),
        losses: [],
      }
    },
  }
  const relay = createRelay({
    upstream: { hostOf, prepare: () => exchange },
    models: {
      resolve: () => sampleModel,
      asksToThink: () => false,
      ofAccount: async () => sampleModel,
      noteFieldsRefused: () => {},
    },
    pool: {
      async lease({ exclude } = {}) {
        const id = script.accountIds.find((each) => exclude?.has(each) !== true)
        if (id === undefined) return undefined
        played.leases += 1
        return {
          account: sampleAccount(id),
          placement: 'anywhere',
          explain: () => [],
          noteAnswered: () => {},
          settle: (outcome) =>
            void played.settled.push(
              `${id}:${outcome.kind === 'failed' ? outcome.failure.kind : outcome.kind}`,
            ),
        }
      },
      retryAfterSeconds: () => undefined,
      explain: () => [],
    },
    freshCredentials: { get: async () => 'token', refresh: async () => 'fresh token' },
    profiles: {
      ...plainProfiles,
      mayHelp: (_, { kind }) => kind === 'access-denied',
      async reconsider() {
        const { takesMs = 0, ...reconsidered } = script.reconsidered ?? NO_PROFILE
        fake.advance(takesMs)
        return reconsidered
      },
      remember: async (_, profile) => void played.remembered.push(profile),
    },
    clock,
    ...relayGuards(clock),
    random: () => 0.5,
    timeouts: { firstEventMs: 600_000, idleMs: 600_000 },
  })
  const { gate = 'first-content', conversation } = script
  const result = await relay
    .plan(createConversation({ model: 'm', turns: [], ...conversation }))
    .run({
      sink: {
        describe: (facts) => void (played.facts = facts),
        push: (event) => void played.events.push(event),
        flush: () => true,
        onDrain: () => {},
        hasContentLeft: () => played.events.some(isContent),
      },
      gate,
      onRemedy: (taken) => void played.remedies.push(taken),
      signal: new AbortController().signal,
    })
    .then(
      () => 'answered',
      (error: unknown) => (error instanceof GatewayError ? error.failure.kind : String(error)),
    )
  return { ...played, result, timersLeft: fake.pending() }
}

/** Time goes by at once where the relay itself waits for a moment. */
function createHastyClock(fake: ReturnType<typeof createFakeClock>): Clock {
  return {
    ...fake,
    after(delayMs, action) {
      if (delayMs > IMPATIENCE_MS) return fake.after(delayMs, action)
      let cancelled = false
      queueMicrotask(() => {
        fake.advance(delayMs)
        if (!cancelled) action()
      })
      return () => {
        cancelled = true
      }
    },
  }
}

function createScriptedDecoder(events: readonly ReplyEvent[], failure: FailureKind | undefined): Decoder {
  return {
    push(_, emit) {
      for (const event of events) emit(event)
      if (failure !== undefined) throw new GatewayError(failure, 'scripted')
    },
    end() {},
  }
}

/** Three plainer forms, one after the other. */
function nextForm(form: RequestForm, { kind }: { kind: FailureKind }): RequestForm | undefined {
  if (kind !== 'invalid-request') return undefined
  if (form.toolSchemas === 'full') return { ...form, toolSchemas: 'plain' }
  if (form.earlierThinking === 'replayed') return { ...form, earlierThinking: 'left-out' }
  if (form.modelFields === 'sent') return { ...form, modelFields: 'left-out' }
  return undefined
}

function refuse(): never {
  throw new Error('Nobody asks for it.')
}
