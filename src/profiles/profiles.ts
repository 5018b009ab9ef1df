/** Which profile the requests of an account name: what its operator says, else what was learned, else what is usual. */
import type { AccountStore } from '../accounts/account-store.ts'
import { signInKindOf, type Account, type LearnedProfile } from '../accounts/account.ts'
import type { Pool } from '../accounts/pool/pool.ts'
import type { Clock } from '../clock.ts'
import type { Failure, GatewayError } from '../conversation/failures.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { Access, Profile, Upstream } from '../upstreams/upstream.ts'
import { accessOf } from './access-of.ts'
import type { Conclusion } from './conclusion.ts'
import { createLookups, type Inquiry } from './lookups.ts'
import { reasonOf, tooMany, withoutSearch } from './profile-failures.ts'
import { routeOf } from './route-of.ts'

export interface Profiles {
  /**
   * What a request needs of its account. Throws `access-denied` when the operator has to choose among several profiles, or
   * when the channel is not known, and `client-gone`.
   */
  accessTo(account: Account, accessToken: string, wishes: AccessWishes): Promise<Access>
  /**
   * What a question about the account itself needs, such as who it is: where the operator has not chosen yet among several
   * profiles, any of them will do. Throws `access-denied` when the channel is not known, and `client-gone`.
   */
  accessToAsk(account: Account, accessToken: string, signal: AbortSignal): Promise<Access>
  /** Whether another profile may mend a refusal: the service was asked, it said no more than no, and the profile is ours to choose. */
  mayHelp(account: Account, failure: Failure): boolean
  /** Looks for another profile after such a refusal. Throws `client-gone` alone. */
  reconsider(refused: RefusedAccess, signal: AbortSignal): Promise<Reconsidered>
  /** The account works with this profile. Never fails; what cannot be stored is reported, and found out again. */
  remember(account: Account, profile: LearnedProfile): Promise<void>
  /** Gives up all lookups; resolves when they have ended. */
  close(): Promise<void>
}

interface AccessWishes {
  signal: AbortSignal
  /** To be tried, in place of what is known. */
  profile?: LearnedProfile | undefined
}

export interface RefusedAccess {
  account: Account
  access: Access
  error: GatewayError
}

/** `stands`: there is nothing else to try, and the failure says what is known about that. */
export type Reconsidered =
  | { kind: 'other'; profile: LearnedProfile }
  | { kind: 'stands'; error: GatewayError }

interface ProfilesParts {
  upstream: Pick<Upstream, 'listProfiles' | 'usualProfile'>
  store: Pick<AccountStore, 'find' | 'saveLearnedProfile'>
  pool: Pick<Pool, 'update'>
  clock: Clock
  /** Told of lookups that failed, and of what could not be stored. */
  report: (accountId: string, error: unknown) => void
}

const NONE: LearnedProfile = { kind: 'none' }

export function createProfiles({ upstream, store, pool, clock, report }: ProfilesParts): Profiles {
  const lookups = createLookups({ upstream, clock, onFound })

  async function onFound(account: Account, conclusion: Conclusion): Promise<void> {
    if (conclusion.kind === 'unknown') report(account.id, reasonOf(conclusion.why))
    if (conclusion.kind === 'one' && conclusion.isSure) {
      await remember(account, { kind: 'arn', arn: conclusion.arn })
    }
  }

  async function remember(account: Account, profile: LearnedProfile): Promise<void> {
    const { id } = account
    try {
      const stored = await store.find(id)
      // What the operator has changed meanwhile may need another one.
      if (stored === undefined || routeOf(stored) !== routeOf(account)) return
      await store.saveLearnedProfile(id, profile, stored.revision)
      pool.update({ ...stored, learnedProfile: profile })
    } catch (error) {
      report(id, error)
    }
  }

  async function profileOf(
    { account, access, signal }: Inquiry,
    choose: (profiles: readonly Profile[]) => LearnedProfile,
  ): Promise<LearnedProfile> {
    const { profileArn, settings, learnedProfile, channel } = account
    if (profileArn !== undefined) return { kind: 'arn', arn: profileArn }
    if (settings.profile === 'none') return NONE
    if (learnedProfile !== undefined) return learnedProfile
    const usual = upstream.usualProfile({ channel, signIn: signInKindOf(account) })
    if (usual.kind !== 'listed') return usual
    const conclusion = await lookups.find({ account, access, signal })
    switch (conclusion.kind) {
      case 'one':
        return { kind: 'arn', arn: conclusion.arn }
      case 'many':
        return choose(conclusion.profiles)
      // Without one, the service answers, or says what is wrong.
      case 'none':
      case 'unknown':
        return NONE
      default:
        return unreachable(conclusion)
    }
  }

  return {
    async accessTo(account, accessToken, { signal, profile }) {
      const bare = accessOf(account, accessToken, NONE)
      const inquiry = { account, access: bare, signal }
      return accessOf(account, accessToken, profile ?? (await profileOf(inquiry, leaveToOperator)))
    },
    async accessToAsk(account, accessToken, signal) {
      const inquiry = { account, access: accessOf(account, accessToken, NONE), signal }
      return accessOf(account, accessToken, await profileOf(inquiry, takeFirst))
    },
    mayHelp: ({ profileArn, settings }, { kind, refusal }) =>
      kind === 'access-denied' &&
      refusal === 'profile' &&
      profileArn === undefined &&
      settings.profile === 'auto',
    async reconsider(refused, signal) {
      const { account, access } = refused
      return weigh(refused, await lookups.search({ account, access, signal }))
    },
    remember,
    close: () => lookups.close(),
  }
}

function leaveToOperator(profiles: readonly Profile[]): never {
  throw tooMany(profiles)
}

function takeFirst([first]: readonly Profile[]): LearnedProfile {
  return first === undefined ? NONE : { kind: 'arn', arn: first.arn }
}

/** What a search after a refusal means: the profile that was not named, if there is exactly one such choice. */
function weigh({ access, error }: RefusedAccess, conclusion: Conclusion): Reconsidered {
  const named = access.profileArn
  switch (conclusion.kind) {
    case 'one':
      return conclusion.arn === named
        ? { kind: 'stands', error }
        : { kind: 'other', profile: { kind: 'arn', arn: conclusion.arn } }
    case 'none':
      return named === undefined ? { kind: 'stands', error } : { kind: 'other', profile: NONE }
    case 'many': {
      const isOneOfThem = conclusion.profiles.some(({ arn }) => arn === named)
      return { kind: 'stands', error: isOneOfThem ? error : tooMany(conclusion.profiles, error) }
    }
    case 'unknown':
      return { kind: 'stands', error: withoutSearch(error, conclusion.why) }
    default:
      return unreachable(conclusion)
  }
}
