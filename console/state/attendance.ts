/** Whether somebody uses the page: one that is only open shall not keep its session alive. */

const MOVES = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const
const UNATTENDED_AFTER_MS = 5 * 60_000

let movedAt = 0

/** To be called once, when the page begins: whoever opens it is there. */
export function followAttendance(): void {
  noteMove()
  for (const move of MOVES) document.addEventListener(move, noteMove, { passive: true, capture: true })
}

function noteMove(): void {
  movedAt = Date.now()
}

export function isUnattended(): boolean {
  return Date.now() - movedAt >= UNATTENDED_AFTER_MS
}
