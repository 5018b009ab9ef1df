/** Draws an hour of minutes as one path for each kind: an element for each minute would be thousands in a long list. Pure. */

/** As the gateway tells them. */
const kinds = { '-': 'none', o: 'ok', t: 'throttled', x: 'failed' } as const
export type BeatKind = (typeof kinds)[keyof typeof kinds]

const WIDTH = 3
export const BEAT_STEP = 4
export const BEAT_HEIGHT = 18
/** They differ in height as well as in colour. */
const heights: Record<Exclude<BeatKind, 'failed'>, number> = { none: 3, ok: 18, throttled: 11 }

export interface BeatPath {
  kind: BeatKind
  path: string
  minutes: number
}

/** `minutes`: as the gateway tells them, the last one now. What is not known is passed over. */
export function beatPaths(minutes: string): BeatPath[] {
  const found = new Map<BeatKind, BeatPath>()
  let at = 0
  for (const mark of minutes) {
    const kind = isMark(mark) ? kinds[mark] : undefined
    if (kind !== undefined) {
      const known = found.get(kind) ?? { kind, minutes: 0, path: '' }
      found.set(kind, known)
      known.minutes += 1
      known.path += drawBeat(at * BEAT_STEP, kind)
    }
    at += 1
  }
  return [...found.values()]
}

function isMark(mark: string): mark is keyof typeof kinds {
  return Object.hasOwn(kinds, mark)
}

/** A failure is hollow in its middle, for those who cannot tell red from green. */
function drawBeat(x: number, kind: BeatKind): string {
  if (kind === 'failed') return `M${x} 0h${WIDTH}v7h-${WIDTH}zM${x} 11h${WIDTH}v7h-${WIDTH}z`
  return `M${x} ${BEAT_HEIGHT - heights[kind]}h${WIDTH}v${heights[kind]}h-${WIDTH}z`
}
