/** Who the console is to the gateway. */
import { signal } from '@preact/signals'
import { ask } from '../api/client.ts'
import { Problem } from '../api/problem.ts'
import type { SessionView } from '../api/types.ts'

export type Session =
  | { kind: 'unknown' }
  /** `hasEnded`: it was known, and its place is kept. */
  | { kind: 'signed-out'; hasEnded: boolean }
  | { kind: 'operator'; view: SessionView }
  /** The gateway does not let anybody in from here, or does not answer. */
  | { kind: 'closed'; problem: Problem }

export const session = signal<Session>({ kind: 'unknown' })

/** Asks the gateway who we are. */
export async function readSession(): Promise<void> {
  try {
    session.value = { kind: 'operator', view: await ask<SessionView>('/v2/session') }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    session.value =
      error.status === 401 ? { kind: 'signed-out', hasEnded: false } : { kind: 'closed', problem: error }
  }
}

/** Throws a Problem. */
export async function signIn(password: string): Promise<void> {
  await ask('/v2/session', { method: 'POST', body: { password } })
  await readSession()
}

export async function signOut(): Promise<void> {
  await ask('/v2/session', { method: 'DELETE' })
  session.value = { kind: 'signed-out', hasEnded: false }
}

export function noteSignedOut(): void {
  if (session.value.kind === 'operator') session.value = { kind: 'signed-out', hasEnded: true }
}
