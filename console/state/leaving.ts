/** What waits so that it can be taken back is done at once when the page is left, and before the session ends. */

const deeds = new Set<() => Promise<void>>()

/** The same one counts once. It must not reject. */
export function beforeLeaving(deed: () => Promise<void>): void {
  deeds.add(deed)
  window.addEventListener('pagehide', leaveBehind)
}

/** Resolves when all of it is done. */
export async function finishBeforeLeaving(): Promise<void> {
  await Promise.all([...deeds].map((deed) => deed()))
}

function leaveBehind(): void {
  void finishBeforeLeaving()
}
