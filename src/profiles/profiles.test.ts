import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import {
  BUILDER_ID_START_URL,
  defaultSettings,
  type Account,
  type LearnedProfile,
} from '../accounts/account.ts'
import { sampleAccount } from '../accounts/sample-account.ts'
import { GatewayError, type FailureKind } from '../conversation/failures.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { ProfileSearch, UnlearnedAccount, UsualProfile } from '../upstreams/upstream.ts'
import { createProfiles } from './profiles.ts'

const A = 'arn:aws:codewhisperer:us-east-1:1:profile/A'
const B = 'arn:aws:codewhisperer:eu-central-1:1:profile/B'
const FIXED = 'arn:aws:codewhisperer:us-east-1:0:profile/FIXED'
const ENTERPRISE = 'https://example.awsapps.com/start'

const found = (...arns: string[]): ProfileSearch => ({
  profiles: arns.map((arn) => ({ arn, name: `Team ${arn.at(-1)}` })),
  unanswered: [],
  isBuilderId: false,
})
const halfFound = (...arns: string[]): ProfileSearch => ({ ...found(...arns), unanswered: ['eu-central-1'] })
const builderId: ProfileSearch = { ...found(), isBuilderId: true }
const failing = (kind: FailureKind) => new GatewayError(kind, `${kind} it is.`)

/** As Amazon Q has it, with channels `loose`, and `strict` where no request may come without a profile. */
function usualProfile({ channel, signIn }: UnlearnedAccount): UsualProfile {
  const strict = channel === 'strict'
  switch (signIn) {
    case 'builder-id':
      return strict ? { kind: 'arn', arn: FIXED } : { kind: 'none' }
    case 'identity-center':
      return { kind: 'listed' }
    case 'unknown':
      return { kind: strict ? 'listed' : 'none' }
    default:
      return unreachable(signIn)
  }
}

/** Profiles of one stored account, whose searches end like this, one after another, the last for ever. */
function learn(account: Account, ...searches: (ProfileSearch | GatewayError)[]) {
  const clock = createFakeClock()
  const signal = new AbortController().signal
  const reported: string[] = []
  const held: (() => void)[] = []
  const seen = { searches: 0, stored: account, holds: false, updates: 0 }
  const profiles = createProfiles({
    upstream: {
      usualProfile,
      async listProfiles() {
        const search = searches[Math.min(seen.searches, searches.length - 1)]
        seen.searches += 1
        if (seen.holds) await new Promise<void>((resolve) => held.push(resolve))
        if (search === undefined) throw new Error('Nobody should ask.')
        if (search instanceof Error) throw search
        return search
      },
    },
    store: {
      find: async () => seen.stored,
      saveLearnedProfile: async (_, learned) => {
        const { learnedProfile: _old, ...rest } = seen.stored
        seen.stored = learned === undefined ? rest : { ...rest, learnedProfile: learned }
      },
    },
    pool: { update: () => void (seen.updates += 1) },
    clock,
    report: (_, error) =>
      void reported.push(error instanceof GatewayError ? error.failure.kind : String(error)),
  })
  const arnFor = async (token = 'token', of = account) =>
    (await profiles.accessTo(of, token, { signal })).profileArn
  const refuse = async (profileArn: string | undefined, error = refusal()) => {
    const { profileArn: _, ...bare } = await profiles.accessTo(account, 'token', {
      signal,
      profile: { kind: 'none' },
    })
    const access = profileArn === undefined ? bare : { ...bare, profileArn }
    return profiles.reconsider({ account, access, error }, signal)
  }
  const release = () => held.splice(0).forEach((resolve) => resolve())
  return { clock, profiles, arnFor, refuse, reported, seen, release, signal }
}

const refusal = () => new GatewayError('access-denied', 'Refused.', { refusal: 'profile' })
const none = { ...defaultSettings, profile: 'none' as const }
const enterprise = sampleAccount('a', { startUrl: ENTERPRISE })
const learned = (profile: LearnedProfile) =>
  sampleAccount('a', { startUrl: ENTERPRISE, learnedProfile: profile })

describe('the profile of a request', () => {
  it.each<
    [what: string, account: Partial<Account>, search: ProfileSearch | GatewayError | undefined, arn?: string]
  >([
    ["is the operator's", { profileArn: A, learnedProfile: { kind: 'arn', arn: B } }, undefined, A],
    [
      'is none if the operator says so',
      { settings: none, startUrl: ENTERPRISE, learnedProfile: { kind: 'arn', arn: B } },
      undefined,
    ],
    ['is the one that was learned', { learnedProfile: { kind: 'arn', arn: B } }, undefined, B],
    ['is none if that was learned', { startUrl: ENTERPRISE, learnedProfile: { kind: 'none' } }, undefined],
    ['is none for a Builder ID', { startUrl: BUILDER_ID_START_URL }, undefined],
    [
      "is the service's own for a Builder ID that needs one",
      { startUrl: BUILDER_ID_START_URL, channel: 'strict' },
      undefined,
      FIXED,
    ],
    ['is none while nothing is known', {}, undefined],
    ['is the one that the service lists', { startUrl: ENTERPRISE }, found(B), B],
    ['is looked up where one is needed', { channel: 'strict' }, found(B), B],
    ["is the service's own for what turns out to be a Builder ID", { channel: 'strict' }, builderId, FIXED],
    ['is none for a Builder ID that signed in elsewhere', { startUrl: ENTERPRISE }, builderId],
    ['is none when the service has none', { startUrl: ENTERPRISE }, found()],
    ['is the one of the region that answers', { startUrl: ENTERPRISE }, halfFound(A), A],
    ['is none for now when nobody can tell', { startUrl: ENTERPRISE }, halfFound()],
    ['is none for now when the search fails', { startUrl: ENTERPRISE }, failing('upstream-unavailable')],
  ])('%s', async (_what, account, search, arn) => {
    const { arnFor, seen } = learn(sampleAccount('a', account), ...(search === undefined ? [] : [search]))
    expect(await arnFor()).toBe(arn)
    expect(seen.searches).toBe(search === undefined ? 0 : 1)
  })

  it.each<[what: string, search: ProfileSearch | GatewayError, learned: LearnedProfile | undefined]>([
    ['the only one that the service lists', found(A), { kind: 'arn', arn: A }],
    ['nothing when a region is silent', halfFound(A), undefined],
    ['nothing when there is none', found(), undefined],
    ['nothing when the search fails', failing('unreachable'), undefined],
  ])('is remembered: %s', async (_what, search, profile) => {
    const { arnFor, seen } = learn(enterprise, search)
    await arnFor()
    expect(seen.stored.learnedProfile).toEqual(profile)
    expect(seen.updates).toBe(profile === undefined ? 0 : 1)
  })

  it('is for the operator to choose among several', async () => {
    const { arnFor, seen } = learn(enterprise, found(A, B))
    const failed = arnFor()
    await expect(failed).rejects.toMatchObject({ failure: { kind: 'access-denied' } })
    await expect(failed).rejects.toMatchObject({
      message: 'The account has several profiles; its operator should set its profileArn.',
      failure: {
        forOperator: expect.stringContaining(`profileArn to one of: Team A (${A}), Team B (${B}).`),
      },
    })
    await expect(failed).rejects.not.toHaveProperty('failure.refusal')
    expect(seen.stored.learnedProfile).toBeUndefined()
  })

  it.each<[what: string, account: Account, search: ProfileSearch | undefined, arn: string | undefined]>([
    ['any of several', enterprise, found(A, B), A],
    ['the only one', enterprise, found(B), B],
    ["the operator's", { ...enterprise, profileArn: B }, undefined, B],
    ['none for a Builder ID', sampleAccount('a', { startUrl: BUILDER_ID_START_URL }), undefined, undefined],
  ])('to ask who the account is: %s', async (_what, account, search, arn) => {
    const { profiles, signal } = learn(account, ...(search === undefined ? [] : [search]))
    expect((await profiles.accessToAsk(account, 'token', signal)).profileArn).toBe(arn)
  })

  it('is not learned from a question that any of several would do for', async () => {
    const { profiles, signal, seen, arnFor } = learn(enterprise, found(A, B))
    await profiles.accessToAsk(enterprise, 'token', signal)
    expect(seen.stored.learnedProfile).toBeUndefined()
    await expect(arnFor()).rejects.toMatchObject({ failure: { kind: 'access-denied' } })
  })

  it('is looked up once for all who ask at the same time', async () => {
    const { arnFor, seen, release } = learn(enterprise, found(A))
    seen.holds = true
    const asked = Array.from({ length: 50 }, async () => arnFor())
    await Promise.resolve()
    release()
    expect(new Set(await Promise.all(asked))).toEqual(new Set([A]))
    expect(seen).toMatchObject({ searches: 1, updates: 1 })
  })

  it('is not looked up again and again while that fails, but with another token', async () => {
    const { arnFor, seen, clock, reported } = learn(
      enterprise,
      failing('token-expired'),
      failing('unreachable'),
      found(A),
    )
    await arnFor()
    await arnFor()
    expect(seen.searches).toBe(1)
    await arnFor('fresh')
    expect(seen.searches).toBe(2)
    clock.advance(60_000)
    expect(await arnFor('fresh')).toBe(A)
    expect(seen.searches).toBe(3)
    expect(reported).toEqual(['token-expired', 'unreachable'])
  })

  it('does not keep a client that leaves, and goes on for others', async () => {
    const { profiles, arnFor, seen, release } = learn(enterprise, found(A))
    seen.holds = true
    const client = new AbortController()
    const left = profiles.accessTo(enterprise, 'token', { signal: client.signal })
    const other = arnFor()
    client.abort()
    await expect(left).rejects.toMatchObject({ failure: { kind: 'client-gone' } })
    release()
    expect(await other).toBe(A)
  })

  it('is not remembered for an account that is set up otherwise by then', async () => {
    const { arnFor, seen, release } = learn(enterprise, found(A))
    seen.holds = true
    const asked = arnFor()
    await Promise.resolve()
    seen.stored = { ...enterprise, channel: 'strict' }
    release()
    expect(await asked).toBe(A)
    expect(seen.stored.learnedProfile).toBeUndefined()
  })

  it('is looked up anew when the operator has changed the account', async () => {
    const { arnFor, seen } = learn(enterprise, found(), found(A))
    expect(await arnFor()).toBeUndefined()
    expect(await arnFor('token', { ...enterprise, updatedAt: new Date() })).toBe(A)
    expect(seen.searches).toBe(2)
  })

  it('is used although it cannot be stored', async () => {
    const { arnFor, seen, reported } = learn(enterprise, found(A))
    Object.defineProperty(seen, 'stored', {
      get: () => {
        throw new Error('disk full')
      },
    })
    expect(await arnFor()).toBe(A)
    expect(reported).toEqual(['Error: disk full'])
  })
})

describe('another profile', () => {
  it.each<[account: Partial<Account>, kind: FailureKind, isRefusal: boolean, helps: boolean]>([
    [{}, 'access-denied', true, true],
    [{ learnedProfile: { kind: 'arn', arn: A } }, 'access-denied', true, true],
    [{}, 'access-denied', false, false],
    [{ profileArn: A }, 'access-denied', true, false],
    [{ settings: none }, 'access-denied', true, false],
    [{}, 'suspended', true, false],
    [{}, 'feature-gated', true, false],
    [{}, 'invalid-request', true, false],
  ])('of %j may help against %s (for its profile: %s): %s', (account, kind, isRefusal, helps) => {
    const failure = { kind, message: '', ...(isRefusal && { refusal: 'profile' as const }) }
    expect(learn(enterprise).profiles.mayHelp(sampleAccount('a', account), failure)).toBe(helps)
  })

  it.each<[what: string, named: string | undefined, search: ProfileSearch, profile: LearnedProfile]>([
    ['the one that is listed, in place of none', undefined, found(A), { kind: 'arn', arn: A }],
    ['the one that is listed, in place of another', B, found(A), { kind: 'arn', arn: A }],
    ['the one of the region that answers', undefined, halfFound(A), { kind: 'arn', arn: A }],
    ['none, where none is listed', A, found(), { kind: 'none' }],
    ['none, for a Builder ID', A, builderId, { kind: 'none' }],
  ])('is %s', async (_what, named, search, profile) => {
    const { refuse, seen } = learn(enterprise, search)
    expect(await refuse(named)).toEqual({ kind: 'other', profile })
    expect(seen.stored.learnedProfile).toBeUndefined()
  })

  it("is the service's own for a Builder ID where one is needed", async () => {
    const { refuse } = learn(sampleAccount('a', { channel: 'strict' }), builderId)
    expect(await refuse(undefined)).toEqual({ kind: 'other', profile: { kind: 'arn', arn: FIXED } })
  })

  it.each<[what: string, named: string | undefined, search: ProfileSearch]>([
    ['the one that was named is the only one', A, found(A)],
    ['none was named and there is none', undefined, found()],
    ['the one that was named is one of several', A, found(A, B)],
  ])('is not tried when %s: the refusal stands as it is', async (_what, named, search) => {
    const error = refusal()
    expect(await learn(enterprise, search).refuse(named, error)).toEqual({ kind: 'stands', error })
  })

  it('is for the operator to choose among several', async () => {
    const stands = await learn(enterprise, found(A, B)).refuse(undefined)
    expect(stands).toMatchObject({
      kind: 'stands',
      error: { failure: { forOperator: expect.stringContaining(`Team B (${B})`) } },
    })
  })

  it.each<[what: string, search: ProfileSearch | GatewayError]>([
    ['no region answers', failing('upstream-unavailable')],
    ['one is silent and the others have none', halfFound()],
  ])('is not ruled out when %s: the refusal stands and says so', async (_what, search) => {
    const { refuse, seen } = learn(learned({ kind: 'arn', arn: B }), search)
    const stands = await refuse(B)
    expect(stands).toMatchObject({
      kind: 'stands',
      error: {
        message: 'Refused. Whether another profile would help could not be found out.',
        cause: {
          message: expect.stringMatching(
            /could not be looked up: (upstream-unavailable it is|No answer from eu-central-1)/,
          ),
        },
      },
    })
    expect(seen.stored.learnedProfile).toEqual({ kind: 'arn', arn: B })
  })

  it.each<FailureKind>(['suspended', 'feature-gated'])(
    'gives way to the word that the account is %s',
    async (kind) => {
      const error = failing(kind)
      expect(await learn(enterprise, error).refuse(undefined)).toEqual({ kind: 'stands', error })
    },
  )

  it('is remembered when it worked', async () => {
    const { profiles, seen, arnFor } = learn(learned({ kind: 'arn', arn: B }))
    await profiles.remember(seen.stored, { kind: 'arn', arn: A })
    expect(await arnFor('token', seen.stored)).toBe(A)
  })
})

describe('closing', () => {
  it('waits for searches and leaves no trace of them', async () => {
    const { profiles, arnFor, seen, release, reported } = learn(enterprise, found(A))
    seen.holds = true
    const asked = arnFor()
    await Promise.resolve()
    const closed = profiles.close()
    release()
    await closed
    await asked
    expect(seen.stored.learnedProfile).toBeUndefined()
    expect(reported).toEqual([])
  })
})
