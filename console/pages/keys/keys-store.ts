/** Clients' keys: asked for when they are shown, and again when there is news of them. */
import { signal } from '@preact/signals'
import { ask } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import type { Key, NewKey } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { describeProblem } from '../../i18n/problems.ts'
import { beforeLeaving } from '../../state/leaving.ts'
import { whenNews } from '../../state/live.ts'
import { showToast } from '../../state/toasts.ts'
import { keys } from './key-list.ts'
import { messages } from './messages.ts'
import { createRevocations } from './revocations.ts'

/** A key that was just made, until somebody says that it is stored: also when what asked for it was closed meanwhile. */
export const newKey = signal<NewKey | undefined>(undefined)

/** For as long as a page shows them. Answers how to stop. */
export function followKeys(): () => void {
  return whenNews(['keys'], () => void keys.load())
}

export function putKey(key: Key): void {
  const list = keys.state.peek().value
  // To show one as all there are would be wrong.
  if (list === undefined) return void keys.load()
  const isNew = !list.some(({ id }) => id === key.id)
  keys.set(isNew ? [...list, key] : list.map((each) => (each.id === key.id ? key : each)))
}

/** Keeps what may be shown of it in the list, and its secret for the one look that there is. */
export function showNewKey(made: NewKey): void {
  const { key: _, ...shown } = made
  putKey(shown)
  newKey.value = made
}

export function pathOfKey({ id }: Pick<Key, 'id'>): string {
  return `/v2/keys/${encodeURIComponent(id)}`
}

/** As people know a key that they must not be shown. */
export function prefixOf({ id, prefix }: Pick<Key, 'id' | 'prefix'>): string {
  return prefix === null ? id : `${prefix}…`
}

export const revocations = createRevocations({
  revoke,
  after(milliseconds, action) {
    const timer = window.setTimeout(action, milliseconds)
    return () => window.clearTimeout(timer)
  },
})

export function revokeSoon(key: Key): void {
  beforeLeaving(revocations.finish)
  revocations.begin(key.id)
  showToast({
    kind: 'done',
    text: speak(messages)('revokeTold', { prefix: prefixOf(key) }),
    undo: () => revocations.takeBack(key.id),
  })
}

async function revoke(id: string): Promise<void> {
  try {
    const revoked = await ask<Key>(pathOfKey({ id }), { method: 'DELETE', keepalive: true })
    putKey(revoked)
    showToast({ kind: 'done', text: speak(messages)('revokeDone', { prefix: prefixOf(revoked) }) })
  } catch (error) {
    const requestId = error instanceof Problem ? error.requestId : undefined
    showToast({ kind: 'failed', text: describeProblem(error), ...(requestId !== undefined && { requestId }) })
  }
}
