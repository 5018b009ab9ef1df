/** Short words about what has just happened. Those about failures stay until they are closed. */
import { signal } from '@preact/signals'

export interface Toast {
  id: number
  kind: 'done' | 'failed'
  /** Asked for as it is shown: a name in it may have to be masked by then. */
  text: string | (() => string)
  /** Takes the deed back. */
  undo?: () => void
  requestId?: string
}

const SHOWN_MS = 6000
const UNDO_SHOWN_MS = 10_000
const MOST_AT_ONCE = 4

export const toasts = signal<readonly Toast[]>([])
let latestId = 0

export function showToast(toast: Omit<Toast, 'id'>): void {
  const id = (latestId += 1)
  toasts.value = [...toasts.value, { ...toast, id }].slice(-MOST_AT_ONCE)
  if (toast.kind === 'failed') return
  window.setTimeout(() => closeToast(id), toast.undo === undefined ? SHOWN_MS : UNDO_SHOWN_MS)
}

export function closeToast(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id)
}
