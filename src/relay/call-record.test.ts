/** What a call records of its accounts and attempts, and what the pool is told on the way. */
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { openOutageLab } from '../../test/outage-lab.ts'
import { plainProfiles } from '../../test/plain-profiles.ts'
import { relayGuards } from '../../test/relay-guards.ts'
import { sampleModel } from '../../test/sample-model.ts'
import type { Account } from '../accounts/account.ts'
import type { Outcome } from '../accounts/standing/after-outcome.ts'
import { sampleAccount } from '../accounts/sample-account.ts'
import { createCall } from '../calls/call.ts'
import { createConversation } from '../conversation/conversation.ts'
import { GatewayError, toGatewayError, type FailureKind } from '../conversation/failures.ts'
import { createRelay } from './relay.ts'

const SECRET = 'token-canary'

interface Fate {
  region?: string
  fails: FailureKind
}

/** Accounts that are lent in this order, each of which fails like this. */
function start(fates: Readonly<Record<string, Fate>>) {
  const clock = createFakeClock()
  const guards = relayGuards(clock)
  const told: string[] = []
  const avoided: (string | undefined)[] = []
  const accounts = Object.entries(fates).map(([id, { region = 'us-east-1' }]) =>
    sampleAccount(id, { region }),
  )
  const relay = createRelay({
    upstream: {
      hostOf: ({ region }) => `https://q.${region}.example`,
      prepare: () => ({
        inputTokens: 1,
        rewrite: () => undefined,
        preview: () => {
          throw new Error('Nobody asks for it.')
        },
        async send({ accountId }) {
          clock.advance(30)
          throw new GatewayError(fates[accountId]?.fails ?? 'internal', `nobody may read ${SECRET}`)
        },
      }),
    },
    models: {
      resolve: () => sampleModel,
      asksToThink: () => false,
      ofAccount: async () => sampleModel,
      noteFieldsRefused: () => {},
    },
    pool: {
      async lease(wishes: { exclude?: ReadonlySet<string>; avoid?: (account: Account) => boolean } = {}) {
        const left = accounts.filter(({ id }) => wishes.exclude?.has(id) !== true)
        avoided.push(
          left
            .filter((each) => wishes.avoid?.(each) === true)
            .map(({ id }) => id)
            .join(''),
        )
        const [account] = left
        if (account === undefined && wishes.exclude?.size === 0)
          throw new GatewayError('accounts-cooling', 'all')
        return account && { ...lend(account), placement: 'own' as const }
      },
      explain: () => [{ accountId: 'z', verdict: 'resting' as const, until: 5 }],
      retryAfterSeconds: () => undefined,
    },
    freshCredentials: { get: async () => SECRET, refresh: async () => SECRET },
    profiles: plainProfiles,
    clock,
    random: () => 0,
    timeouts: { firstEventMs: 1000, idleMs: 1000 },
    ...guards,
  })

  function lend(account: Account) {
    const { id } = account
    return {
      account,
      explain: () => [{ accountId: id, verdict: 'chosen' as const }],
      noteAnswered: () => void told.push(`${id}: answered`),
      settle: ({ kind }: Outcome) => void told.push(`${id}: ${kind}`),
    }
  }

  async function play() {
    const call = createCall({ dialect: 'openai-chat', model: 'm', stream: true })
    const sink = { describe() {}, push() {}, flush: () => true, onDrain() {}, hasContentLeft: () => false }
    const { signal } = new AbortController()
    const plan = relay.plan(createConversation({ model: 'm', turns: [] }))
    const error: unknown = await plan
      .run({ sink, gate: 'first-content', call, signal })
      .catch((thrown: unknown) => thrown)
    return { call, failure: toGatewayError(error).failure }
  }
  return { clock, told, avoided, play, ...guards }
}

describe('the record of a call', () => {
  it('has the accounts, why they were chosen, and each attempt with its times', async () => {
    const { play, told } = start({ a: { fails: 'throttled' }, b: { fails: 'upstream-unavailable' } })
    const { call } = await play()
    expect(call).toMatchObject({
      choices: [
        {
          accountId: 'a',
          placement: 'own',
          considered: [{ accountId: 'a', verdict: 'chosen' }],
          moreConsidered: 0,
        },
        { accountId: 'b' },
      ],
      attempts: [
        { accountId: 'a', startedAt: 0, headersAt: 30, endedAt: 30, outcome: 'throttled' },
        {
          accountId: 'b',
          startedAt: 30,
          endedAt: 60,
          outcome: 'upstream-unavailable',
          remedy: 'other-account',
        },
      ],
    })
    // By its refusal the service has proved that it can be asked for the account.
    expect(told).toEqual(['a: answered', 'a: failed', 'b: failed'])
    expect(JSON.stringify(call)).not.toContain(SECRET)
  })

  it('has why nobody could serve', async () => {
    const { call } = await start({}).play()
    expect(call).toMatchObject({
      choices: [{ considered: [{ accountId: 'z', verdict: 'resting', until: 5 }] }],
      attempts: [],
    })
    expect(call.choices[0]).not.toHaveProperty('accountId')
  })

  it('has when an answer began, when its first content came, and when it ended', async () => {
    const lab = await openOutageLab({ accountIds: ['a'], fateOf: () => 'answer', answerMs: 200 })
    const playing = lab.play()
    // The account is asked in the lab's first step, of 10 ms.
    await lab.pass(300)
    const { call } = await playing
    expect(call.attempts).toEqual([
      {
        accountId: 'a',
        startedAt: 10,
        sentAt: 10,
        status: 200,
        headersAt: 210,
        firstContentAt: 210,
        endedAt: 210,
        outcome: 'answered',
      },
    ])
  })
})

/** Makes a host count as down, where its accounts fail. */
const open = async ({ play, clock }: ReturnType<typeof start>) => {
  await play()
  clock.advance(1000)
  await play()
}

describe('a host that is down', () => {
  it('is told to the pool, which lends others first; and nobody is blamed', async () => {
    const down: Fate = { fails: 'upstream-unavailable' }
    const lab = start({ a: down, b: down, c: down, d: { region: 'eu-central-1', fails: 'throttled' } })
    await open(lab)
    lab.told.length = 0
    lab.avoided.length = 0
    const { call, failure } = await lab.play()
    expect(lab.avoided[0]).toBe('abc')
    expect(call.attempts.map(({ accountId, outcome, heldBack }) => [accountId, outcome, heldBack])).toEqual([
      ['a', 'unreachable', true],
      ['b', 'unreachable', true],
      ['c', 'unreachable', true],
    ])
    expect(failure).toMatchObject({ kind: 'unreachable', retryAfterSeconds: 1 })
    expect(lab.told).toEqual(['a: spared', 'b: spared', 'c: spared'])
  })

  it('costs nothing of the budget while nothing is sent to it', async () => {
    const down: Fate = { fails: 'upstream-unavailable' }
    const lab = start({ a: down, b: down, c: down })
    await open(lab)
    while (lab.budget.take()) continue
    expect((await lab.play()).call.attempts).toHaveLength(3)
  })

  it('spares the accounts of its failures', async () => {
    const down: Fate = { fails: 'upstream-timeout' }
    const lab = start({ a: down, b: down, c: down })
    await open(lab)
    expect(lab.told).toEqual(['a: failed', 'b: spared', 'c: spared', 'a: spared', 'b: spared', 'c: spared'])
  })
})

it('without budget a failure of the service is the answer, a throttled account still is not', async () => {
  const failing = start({ a: { fails: 'upstream-unavailable' }, b: { fails: 'upstream-unavailable' } })
  while (failing.budget.take()) continue
  expect((await failing.play()).call.attempts).toHaveLength(1)
  const throttled = start({ a: { fails: 'throttled' }, b: { fails: 'quota' }, c: { fails: 'access-denied' } })
  while (throttled.budget.take()) continue
  expect((await throttled.play()).call.attempts).toHaveLength(3)
})
