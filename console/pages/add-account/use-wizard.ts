import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import type { SignIn, SignInList, StartedSignIn } from '../../api/types.ts'
import { whenNews } from '../../state/live.ts'
import { noWishes, toBody, wishesOf, type Wishes } from './wishes.ts'
import { advance, firstStep, follow, resume, type Wizard } from './wizard.ts'

/** The wizard's state, and what can be done with it. */
export function useWizard(accountId: string | undefined, resumedId: string | undefined) {
  const wizard = useSignal<Wizard | { kind: 'resuming' }>(
    resumedId === undefined ? firstStep : { kind: 'resuming' },
  )
  const wishes = useSignal<Wishes>(noWishes)
  const problem = useSignal<unknown>(undefined)
  const isBusy = useSignal(false)

  async function attempt(deed: () => Promise<void>): Promise<void> {
    if (isBusy.peek()) return
    isBusy.value = true
    problem.value = undefined
    try {
      await deed()
    } catch (error) {
      problem.value = error
    }
    isBusy.value = false
  }
  const start = () =>
    attempt(async () => {
      const body = toBody(wishes.peek(), accountId)
      wizard.value = follow(await ask<StartedSignIn>('/v2/auth/start', { method: 'POST', body }), Date.now())
    })
  const goOn = (authId: string) =>
    attempt(async () => {
      const { signIns } = await ask<SignInList>('/v2/auth')
      const listed = signIns.find((each) => each.authId === authId)
      if (listed !== undefined) wishes.value = wishesOf(listed)
      wizard.value = resume(authId, listed ?? (await ask<SignIn>(statusPath(authId))), Date.now())
    })
  const cancel = (authId: string) =>
    attempt(async () => {
      const view = await ask<SignIn>(`/v2/auth/cancel/${encodeURIComponent(authId)}`, { method: 'POST' })
      note(authId, view)
    })
  function note(authId: string, view: SignIn): void {
    const before = wizard.peek()
    if (before.kind !== 'resuming') wizard.value = advance(before, { authId, view }, Date.now())
  }
  useEffect(() => {
    if (resumedId !== undefined) void goOn(resumedId)
  }, [resumedId])
  useFollowing(wizard.value, note, (error) => (problem.value = error))

  return {
    wizard: wizard.value,
    wishes: wishes.value,
    problem: problem.value,
    isBusy: isBusy.value,
    setWishes: (changed: Wishes) => (wishes.value = changed),
    start: () => void start(),
    goOn: (authId: string) => void goOn(authId),
    cancel: (authId: string) => void cancel(authId),
    restart: () => {
      problem.value = undefined
      wizard.value = firstStep
    },
  }
}

/** By the news of the gateway, and where there are none by asking as often as the gateway itself asks AWS. */
function useFollowing(
  wizard: Wizard | { kind: 'resuming' },
  onView: (authId: string, view: SignIn) => void,
  onOutcome: (error: unknown) => void,
): void {
  const isOpen = wizard.kind === 'waiting' || wizard.kind === 'approved'
  const authId = isOpen ? wizard.authId : undefined
  const intervalSeconds = isOpen ? wizard.intervalSeconds : 0
  useEffect(() => {
    if (authId === undefined) return undefined
    const stopping = new AbortController()
    const look = async () => {
      try {
        const view = await ask<SignIn>(statusPath(authId), { signal: stopping.signal })
        if (stopping.signal.aborted) return
        onOutcome(undefined)
        onView(authId, view)
      } catch (error) {
        if (!stopping.signal.aborted) onOutcome(error)
      }
    }
    const timer = window.setInterval(() => void look(), intervalSeconds * 1000)
    const stopNews = whenNews(['sign-ins'], () => void look())
    return () => {
      stopping.abort()
      window.clearInterval(timer)
      stopNews()
    }
  }, [authId, intervalSeconds])
}

function statusPath(authId: string): string {
  return `/v2/auth/status/${encodeURIComponent(authId)}`
}
