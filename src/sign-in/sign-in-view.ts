/** A sign-in as the management API shows it: q2api's field names first, then ours, and no secret. */
import { unreachable } from '../conversation/unreachable.ts'
import { errorOf, type SignIn, type SignInPrompt, type SignInState } from './sign-in.ts'

export type SignInView = ReturnType<typeof viewSignIn>

export function viewStart(
  id: string,
  begun: { prompt: SignInPrompt; lifeSeconds: number; intervalSeconds: number },
) {
  const { verificationUriComplete, verificationUri, userCode } = begun.prompt
  return {
    authId: id,
    verificationUriComplete,
    verificationUri,
    userCode,
    expiresIn: begun.lifeSeconds,
    interval: begun.intervalSeconds,
  }
}

/** The code and its link are shown while they are of use. */
export function viewSignIn({ state, remainingSeconds, prompt }: SignIn) {
  const status = statusOf(state)
  return {
    status,
    remaining: status === 'pending' ? remainingSeconds : 0,
    error: errorOf(state),
    accountId: state.kind === 'completed' ? state.accountId : null,
    userCode: state.kind === 'pending' ? prompt.userCode : null,
    verificationUriComplete: state.kind === 'pending' ? prompt.verificationUriComplete : null,
  }
}

export function listSignIn(signIn: SignIn) {
  const { id, order, createdAt } = signIn
  return {
    authId: id,
    label: order.wishes.label ?? null,
    startUrl: order.startUrl,
    region: order.region,
    created_at: `${createdAt.toISOString().slice(0, 19)}Z`,
    ...viewSignIn(signIn),
  }
}

/** Scripts know these four. */
function statusOf(state: SignInState): 'pending' | 'completed' | 'timeout' | 'error' {
  switch (state.kind) {
    case 'pending':
    case 'approved':
      return 'pending'
    case 'completed':
    case 'timeout':
    case 'error':
      return state.kind
    case 'cancelled':
      return 'error'
    default:
      return unreachable(state)
  }
}
