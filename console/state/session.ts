/** Who the console is to the gateway. */
import { signal } from '@preact/signals'
import { ask } from '../api/client.ts'
import { Problem } from '../api/problem.ts'
import type { SessionView } from '../api/types.ts'
import { forgetTalk } from './kept-talk.ts'

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
    const wasIn = session.value.kind === 'operator'
    if (error.status === 401) session.value = { kind: 'signed-out', hasEnded: wasIn }
    // What somebody has open, like a form or a key that is shown once, outlives a restart of the gateway.
    else if (!wasIn || !mayPass(error)) session.value = { kind: 'closed', problem: error }
  }
}

/** Throws a Problem. */
export async function signIn(password: string): Promise<void> {
  await ask('/v2/session', { method: 'POST', body: { password } })
  await readSession()
}

/** What was asked in the playground is not for whoever comes next at this browser. Throws a Problem. */
export async function signOut(): Promise<void> {
  await ask('/v2/session', { method: 'DELETE' })
  forgetTalk()
  session.value = { kind: 'signed-out', hasEnded: false }
}

export function noteSignedOut(): void {
  if (session.value.kind === 'operator') session.value = { kind: 'signed-out', hasEnded: true }
}

/** It says nothing of who we are: the gateway is not there, or something in front of it says so. */
function mayPass({ status }: Problem): boolean {
  return status === 0 || status === 429 || status >= 500
}
