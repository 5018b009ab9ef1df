import { describeProblem } from '../i18n/problems.ts'
import { finishBeforeLeaving } from '../state/leaving.ts'
import { session, signOut } from '../state/session.ts'
import { showToast } from '../state/toasts.ts'

/** Signs out, after what was waiting to be done. */
export function leave(): void {
  // The gateway refuses what it is asked for afterwards.
  const left = finishBeforeLeaving().then(signOut)
  left.catch((error: unknown) => showToast({ kind: 'failed', text: describeProblem(error) }))
}

/** Whether there is something to sign out of. */
export function isBySession(): boolean {
  return session.value.kind === 'operator' && session.value.view.via === 'session'
}
