/** Whether this browser still wants to see the first steps. */
import { signal } from '@preact/signals'

const STORED_AS = 'aqueduct.first-steps'

export const isDismissed = signal(readDismissal())

export function dismissSteps(): void {
  isDismissed.value = true
  try {
    localStorage.setItem(STORED_AS, 'dismissed')
  } catch {
    // Then it holds until the page is left.
  }
}

function readDismissal(): boolean {
  try {
    return localStorage.getItem(STORED_AS) === 'dismissed'
  } catch {
    return false
  }
}
