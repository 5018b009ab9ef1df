/** What the operator does with sign-ins: starts, looks at, waits for and cancels them. Answers hold no secrets. */
import { waitFor } from '../background/wait-for.ts'
import type { Account } from '../accounts/account.ts'
import { BUILDER_ID_START_URL } from '../accounts/account.ts'
import { noSuchAccount } from '../accounts/standing/availability.ts'
import { GatewayError } from '../conversation/failures.ts'
import type { Actor } from '../events/event.ts'
import { beginSignIn, type Beginning } from './begin-sign-in.ts'
import { startSignInRounds, type RoundsParts } from './sign-in-rounds.ts'
import type { Reservation, StartLimits } from './sign-in-store.ts'
import { listSignIn, viewSignIn, viewStart, type SignInView } from './sign-in-view.ts'
import type { SignIn, SignInOrder, SignInWishes } from './sign-in.ts'

/** However long the service's code would live. */
const MOST_LIFE_SECONDS = 300
const CLAIM_MS = 300_000
const LOOK_AGAIN_MS = 500
const MOST_LISTED = 200
const BUILDER_ID_REGION = 'us-east-1'
const limits: StartLimits = { mostPending: 10, mostStarts: 20, windowSeconds: 600 }

export interface StartWishes extends SignInWishes {
  startUrl?: string
  /** Of the sign-in service. */
  region?: string
  /** Sign this account in again. */
  accountId?: string
}

/** How a claim ended: `completed` is told once, as are `timeout` and `refused`; whoever asks again gets `known`. */
export type Claim =
  | { kind: 'completed'; accountId: string }
  | { kind: 'timeout' | 'refused'; message: string }
  | { kind: 'known'; view: SignInView }

export interface SignIns {
  /** Throws `invalid-request`, `throttled`, `not-found` for an account, or `upstream-unavailable`. */
  start(wishes: StartWishes, by?: Actor): Promise<ReturnType<typeof viewStart>>
  /** Throws `not-found`, as do all that follow. */
  status(id: string): Promise<SignInView>
  /** Waits for its end. Throws `client-gone` as soon as the signal aborts. */
  claim(id: string, signal: AbortSignal): Promise<Claim>
  /** Undefined when it is too late: its tokens are here. What has ended otherwise stays as it is. */
  cancel(id: string): Promise<SignInView | undefined>
  /** The latest 200. */
  list(): Promise<ReturnType<typeof listSignIn>[]>
  close(): Promise<void>
}

export interface SignInsParts extends RoundsParts, Beginning {
  oidc: RoundsParts['oidc'] & Beginning['oidc']
  findAccount: (id: string) => Promise<Account | undefined>
  /** 128 random bits, for a path. */
  createId: () => string
  createAccountId: () => string
}

export function createSignIns(parts: SignInsParts): SignIns {
  const { store, clock, createId, report } = parts
  const rounds = startSignInRounds(parts)

  async function find(id: string): Promise<SignIn> {
    const signIn = await store.find(id)
    if (signIn === undefined) {
      throw new GatewayError('not-found', 'There is no such sign-in, or it was more than a day ago.')
    }
    return signIn
  }

  async function start(wishes: StartWishes, by?: Actor): Promise<ReturnType<typeof viewStart>> {
    const order = { ...(await orderOf(wishes, parts)), ...(by !== undefined && { startedBy: by }) }
    const id = createId()
    const reservation = await store.reserve(id, limits)
    if (reservation.kind !== 'reserved') throw tooMany(reservation)
    try {
      return await begin(id, order)
    } catch (error) {
      await store.giveUp(id).catch(report)
      throw error
    }
  }

  async function begin(id: string, asked: SignInOrder): Promise<ReturnType<typeof viewStart>> {
    const { proxyUrl } = asked.wishes
    const place = { region: asked.region, ...(proxyUrl != null && { proxyUrl }) }
    const { client, authorization, region } = await beginSignIn(parts, asked.startUrl, place)
    const { deviceCode, userCode, verificationUri, verificationUriComplete } = authorization
    const { intervalSeconds, expiresInSeconds } = authorization
    const prompt = { userCode, verificationUri, verificationUriComplete }
    const lifeSeconds = Math.min(expiresInSeconds, MOST_LIFE_SECONDS)
    const device = { ...client, deviceCode }
    const begun = { order: { ...asked, region }, prompt, device, intervalSeconds, lifeSeconds }
    if (!(await store.begin(id, begun))) {
      throw new GatewayError('internal', 'The sign-in was forgotten while it began. Start it again.')
    }
    rounds.follow(id, intervalSeconds)
    return viewStart(id, { prompt, lifeSeconds, intervalSeconds })
  }

  /** The end, or the state that it is in after as long as a claim may take. */
  async function waitForEnd(id: string, signal: AbortSignal): Promise<SignIn> {
    const lastMoment = clock.elapsed() + CLAIM_MS
    for (;;) {
      const signIn = await find(id)
      const isOpen = signIn.state.kind === 'pending' || signIn.state.kind === 'approved'
      if (!isOpen || clock.elapsed() >= lastMoment) return signIn
      await waitFor(LOOK_AGAIN_MS, { clock, signal })
    }
  }

  return {
    start,
    status: async (id) => viewSignIn(await find(id)),

    async claim(id, signal) {
      const signIn = await waitForEnd(id, signal)
      const { state } = signIn
      if (state.kind === 'pending' || state.kind === 'approved') {
        return { kind: 'timeout', message: 'The sign-in goes on; ask again.' }
      }
      const view = viewSignIn(signIn)
      if (!(await store.takeResult(id))) return { kind: 'known', view }
      if (state.kind === 'completed') return { kind: 'completed', accountId: state.accountId }
      return { kind: state.kind === 'timeout' ? 'timeout' : 'refused', message: view.error ?? '' }
    },

    async cancel(id) {
      await find(id)
      if (await store.cancel(id)) rounds.leave(id)
      const signIn = await find(id)
      return signIn.state.kind === 'approved' ? undefined : viewSignIn(signIn)
    },

    list: async () => (await store.list(MOST_LISTED)).map(listSignIn),
    close: () => rounds.close(),
  }
}

/** What is not said is as it was with the account, else a Builder ID. */
async function orderOf(
  { startUrl: wantedUrl, region: wantedRegion, accountId, ...wishes }: StartWishes,
  { findAccount, createAccountId }: Pick<SignInsParts, 'findAccount' | 'createAccountId'>,
): Promise<SignInOrder> {
  const account = accountId === undefined ? undefined : await findAccount(accountId)
  if (accountId !== undefined && account === undefined) throw noSuchAccount()
  const startUrl = wantedUrl ?? account?.startUrl ?? BUILDER_ID_START_URL
  const isKnownUrl = wantedUrl === undefined || wantedUrl === account?.startUrl
  const region = wantedRegion ?? (isKnownUrl ? account?.signInRegion : undefined) ?? BUILDER_ID_REGION
  if (startUrl === BUILDER_ID_START_URL && wantedRegion !== undefined && wantedRegion !== BUILDER_ID_REGION) {
    throw new GatewayError(
      'invalid-request',
      `startUrl: is needed with region, from the operator of that IAM Identity Center. A Builder ID signs in at ${BUILDER_ID_REGION} alone.`,
      { field: 'startUrl', code: 'missing_required_parameter' },
    )
  }
  const proxyUrl = wishes.proxyUrl === undefined ? account?.proxyUrl : wishes.proxyUrl
  return {
    startUrl,
    region: startUrl === BUILDER_ID_START_URL ? BUILDER_ID_REGION : region,
    wishes: { ...wishes, ...(proxyUrl !== undefined && { proxyUrl }) },
    ...(accountId !== undefined && { accountId }),
    newAccountId: createAccountId(),
  }
}

function tooMany({ kind, retryAfterSeconds }: Exclude<Reservation, { kind: 'reserved' }>): GatewayError {
  const message =
    kind === 'too-many-pending'
      ? `${limits.mostPending} sign-ins wait to be approved: finish or cancel one of them (GET /v2/auth lists them).`
      : `${limits.mostStarts} sign-ins were started within ${limits.windowSeconds / 60} minutes; wait before the next one.`
  return new GatewayError('throttled', message, { retryAfterSeconds })
}
