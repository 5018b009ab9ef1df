/** Where the wizard stands, and how it goes on by what the gateway says of the sign-in. */
import type { Account, SignIn, SignInList, StartedSignIn } from '../../api/types.ts'
import { unreachable } from '../../unreachable.ts'

export type ListedSignIn = SignInList['signIns'][number]

/** A sign-in that is followed. */
interface Followed {
  authId: string
  /** Between two questions, where no news come. */
  intervalSeconds: number
}

export type EndReason = 'expired' | 'denied' | 'cancelled' | 'failed'

export type Wizard =
  | { kind: 'choosing' }
  | ({
      kind: 'waiting'
      userCode: string
      /** Where the person approves. */
      link: string
      lifeSeconds: number
      /** In milliseconds since the epoch, by this browser's clock. */
      endsAt: number
    } & Followed)
  /** Its tokens are here; the account is being made. */
  | ({ kind: 'approved' } & Followed)
  | { kind: 'done'; authId: string; accountId: string }
  | { kind: 'ended'; reason: EndReason; detail: string | undefined }

export const firstStep: Wizard = { kind: 'choosing' }

const USUAL_LIFE_SECONDS = 300
const USUAL_INTERVAL_SECONDS = 5

/** `now` in milliseconds since the epoch, here and below. */
export function follow(started: StartedSignIn, now: number): Wizard {
  const { authId, userCode, verificationUriComplete, expiresIn, interval } = started
  return {
    kind: 'waiting',
    authId,
    userCode,
    link: verificationUriComplete,
    lifeSeconds: expiresIn,
    endsAt: now + expiresIn * 1000,
    intervalSeconds: interval,
  }
}

/** Goes on with one that was begun before, by this page or another. */
export function resume(authId: string, view: SignIn, now: number): Wizard {
  return judge(
    { authId, intervalSeconds: USUAL_INTERVAL_SECONDS, lifeSeconds: USUAL_LIFE_SECONDS },
    view,
    now,
  )
}

/** What is said of another sign-in than the one that is followed, or too late, changes nothing. */
export function advance(
  wizard: Wizard,
  { authId, view }: { authId: string; view: SignIn },
  now: number,
): Wizard {
  const isOpen = wizard.kind === 'waiting' || wizard.kind === 'approved'
  if (!isOpen || wizard.authId !== authId) return wizard
  const next = judge(
    { ...wizard, lifeSeconds: wizard.kind === 'waiting' ? wizard.lifeSeconds : USUAL_LIFE_SECONDS },
    view,
    now,
  )
  // An answer that was under way while the next one came.
  return wizard.kind === 'approved' && next.kind === 'waiting' ? wizard : next
}

/** Whether it can still be gone on with. */
export function isOnItsWay({ status }: SignIn): boolean {
  return status === 'pending'
}

/** Whether the person had an account before this sign-in, whose tokens were replaced then. Both times are the gateway's. */
export function wasHereBefore(
  account: Pick<Account, 'created_at'>,
  signIn: Pick<ListedSignIn, 'created_at'> | undefined,
): boolean {
  return signIn !== undefined && Date.parse(account.created_at) < Date.parse(signIn.created_at)
}

function judge(
  { authId, intervalSeconds, lifeSeconds }: Followed & { lifeSeconds: number },
  view: SignIn,
  now: number,
): Wizard {
  switch (view.status) {
    case 'pending': {
      const { userCode, verificationUriComplete: link, remaining } = view
      // They are told for as long as they are of use.
      if (userCode === null || link === null) return { kind: 'approved', authId, intervalSeconds }
      const endsAt = now + remaining * 1000
      return {
        kind: 'waiting',
        authId,
        userCode,
        link,
        lifeSeconds: Math.max(lifeSeconds, remaining),
        endsAt,
        intervalSeconds,
      }
    }
    case 'completed':
      return view.accountId === null
        ? { kind: 'ended', reason: 'failed', detail: undefined }
        : { kind: 'done', authId, accountId: view.accountId }
    case 'timeout':
      return { kind: 'ended', reason: 'expired', detail: undefined }
    case 'error':
      return { kind: 'ended', ...readError(view.error ?? '') }
    default:
      return unreachable(view.status)
  }
}

/** The gateway's words say which; what is not known here is shown as it was said. */
function readError(error: string): { reason: EndReason; detail: string | undefined } {
  if (/^The sign-in was denied\b/.test(error)) return { reason: 'denied', detail: undefined }
  if (/^The sign-in was cancelled\b/.test(error)) return { reason: 'cancelled', detail: undefined }
  return { reason: 'failed', detail: error === '' ? undefined : error }
}
