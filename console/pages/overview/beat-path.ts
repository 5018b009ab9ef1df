/** An hour of an account, minute by minute, as one path for each way a minute can have been. Pure. */

/** As the gateway tells them: none, all well, throttled, failed. */
const marks = { none: '-', ok: 'o', throttled: 't', failed: 'x' } as const
export const beatKinds = ['none', 'ok', 'throttled', 'failed'] as const
export type BeatKind = (typeof beatKinds)[number]

export const BEAT_WIDTH = 4
export const BEAT_HEIGHT = 18
/** They differ in height as well as in colour. */
const heights: Record<BeatKind, number> = { none: 3, ok: 18, throttled: 11, failed: 18 }

export function drawBeats(minutes: string, kind: BeatKind): string {
  const height = heights[kind]
  return Array.from(minutes)
    .map((mark, minute) => {
      if (mark !== marks[kind]) return ''
      const x = minute * BEAT_WIDTH
      // A failure is hollow in its middle, for those who cannot tell red from green.
      if (kind === 'failed') return `M${x} 0h3v7h-3zM${x} 11h3v7h-3z`
      return `M${x} ${BEAT_HEIGHT - height}h3v${height}h-3z`
    })
    .join('')
}

export function countBeats(minutes: string, kind: BeatKind): number {
  return Array.from(minutes).filter((mark) => mark === marks[kind]).length
}
