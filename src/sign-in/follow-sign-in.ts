/** One step with a sign-in that has begun: ask the service once, keep what it gives, or make the account of it. */
import type { Adopt } from '../accounts/adopt-sign-in.ts'
import type { Clock } from '../clock.ts'
import { unreachable } from '../conversation/unreachable.ts'
import { describeRefusal } from './begin-sign-in.ts'
import type { DeviceTokenResult } from './create-device-token.ts'
import type { GrantSpill } from './grant-spill.ts'
import type { Oidc } from './oidc.ts'
import type { OpenState, SignInFailure, SignInStore } from './sign-in-store.ts'
import type { DeviceSecrets, Grant, SignIn } from './sign-in.ts'
import { LONGEST_INTERVAL_SECONDS } from './start-device-authorization.ts'

/** RFC 8628, 3.5. */
const SLOW_DOWN_SECONDS = 5
const NOBODY_APPROVED = 'Nobody approved the sign-in in time. Start it again.'

const UNREADABLE = {
  kind: 'error',
  message: 'What was stored of the sign-in is damaged, so it cannot be finished. Start it again.',
} as const

export interface FollowingParts {
  store: SignInStore
  oidc: Pick<Oidc, 'createDeviceToken'>
  adopt: Adopt
  /** For tokens that the database does not take. */
  spill: GrantSpill
  clock: Clock
  /** Told of what could not be stored; it is tried again. */
  report: (error: unknown) => void
}

/** `after`: what to wait before the next step. */
type Step = { kind: 'ended' } | { kind: 'again'; afterMs: number }

const ended: Step = { kind: 'ended' }

export interface Follower {
  /** Throws when the database does, and may be called again then. */
  step(signal: AbortSignal): Promise<Step>
  /** Tokens that were received and could not be stored are tried once more. */
  finish(): Promise<void>
}

/** To be used by whoever holds the lease of the sign-in, one step at a time. */
export function createFollower(
  id: string,
  { store, oidc, adopt, spill, clock, report }: FollowingParts,
): Follower {
  let received: { grant: Grant; isSpilled: boolean } | undefined
  /** By `clock.elapsed()`; undefined: this process has not asked yet. */
  let nextPollAt: number | undefined

  /** Tokens exist once: they are stored before anything else is done, or asked. */
  async function keep(given: NonNullable<typeof received>): Promise<void> {
    received = given
    const { grant } = given
    try {
      await store.saveGrant(id, grant)
    } catch (error) {
      if (!given.isSpilled) await putAside(grant)
      throw error
    }
    received = undefined
    if (given.isSpilled) await spill.remove(id)
  }

  /** What cannot be written either is kept in memory, and tried again. */
  async function putAside(grant: Grant): Promise<void> {
    try {
      await spill.write({ signInId: id, grant })
      received = { grant, isSpilled: true }
    } catch (error) {
      report(error)
    }
  }

  /** `from`: as it was seen. What somebody has made of it meanwhile stays. */
  async function end(from: OpenState, failure: SignInFailure): Promise<Step> {
    await store.fail(id, [from], failure)
    return ended
  }

  async function poll(signIn: SignIn): Promise<Step> {
    // Whoever takes over after a crash asks once at least: the person may have approved since.
    if (signIn.remainingSeconds === 0 && nextPollAt !== undefined) {
      return end('pending', { kind: 'timeout', message: NOBODY_APPROVED })
    }
    const earlyMs = (nextPollAt ?? 0) - clock.elapsed()
    if (earlyMs > 0) return { kind: 'again', afterMs: Math.min(earlyMs, signIn.remainingSeconds * 1000) }
    const device = await store.readDevice(id)
    if (device === undefined) return end('pending', UNREADABLE)
    const { region, wishes } = signIn.order
    const { clientId, clientSecret, deviceCode } = device
    const askedAt = clock.now()
    const place = { region, ...(wishes.proxyUrl != null && { proxyUrl: wishes.proxyUrl }) }
    const result = await oidc.createDeviceToken({ clientId, clientSecret, deviceCode }, place)
    return heed(result, { signIn, device, askedAt })
  }

  async function heed(
    result: DeviceTokenResult,
    { signIn, device, askedAt }: { signIn: SignIn; device: DeviceSecrets; askedAt: number },
  ): Promise<Step> {
    switch (result.kind) {
      case 'approved':
        await keep({ grant: toGrant(result, device, askedAt), isSpilled: false })
        return { kind: 'again', afterMs: 0 }
      case 'slow-down': {
        const slower = Math.min(signIn.intervalSeconds + SLOW_DOWN_SECONDS, LONGEST_INTERVAL_SECONDS)
        await store.saveInterval(id, slower)
        return rest(slower, signIn)
      }
      case 'pending':
      case 'unavailable':
      case 'own-proxy-failed':
        return rest(signIn.intervalSeconds, signIn)
      case 'expired':
        return end('pending', { kind: 'timeout', message: NOBODY_APPROVED })
      case 'refused':
        return end('pending', { kind: 'error', message: describeEnd(result) })
      default:
        return unreachable(result)
    }
  }

  function rest(seconds: number, { remainingSeconds }: SignIn): Step {
    nextPollAt = clock.elapsed() + seconds * 1000
    return { kind: 'again', afterMs: Math.min(seconds, remainingSeconds) * 1000 }
  }

  async function settle({ order }: SignIn, signal: AbortSignal): Promise<Step> {
    const credentials = await store.readGrant(id)
    if (credentials === undefined) return end('approved', UNREADABLE)
    const adoption = await adopt({ signInId: id, ...order, credentials }, signal)
    if (adoption.kind === 'refused') return end('approved', { kind: 'error', message: adoption.message })
    await store.complete(id, adoption.accountId)
    return ended
  }

  return {
    async step(signal) {
      if (received !== undefined) await keep(received)
      const signIn = await store.find(id)
      if (signIn === undefined) {
        // Gone, and then there is nothing to end.
        await store.fail(id, ['pending', 'approved'], UNREADABLE)
        return ended
      }
      if (signIn.state.kind === 'pending') return poll(signIn)
      return signIn.state.kind === 'approved' ? settle(signIn, signal) : ended
    },
    async finish() {
      if (received !== undefined) await keep(received)
    },
  }
}

function toGrant(
  { accessToken, refreshToken, expiresInSeconds }: DeviceTokenResult & { kind: 'approved' },
  { deviceCode: _code, ...client }: DeviceSecrets,
  askedAt: number,
): Grant {
  return {
    ...client,
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    expiresAt: new Date(askedAt + expiresInSeconds * 1000),
  }
}

function describeEnd(refusal: { error: string; description: string }): string {
  return refusal.error === 'access_denied'
    ? `The sign-in was denied, by the person or because they may not use Amazon Q. ${describeRefusal(refusal)}`
    : describeRefusal(refusal)
}
