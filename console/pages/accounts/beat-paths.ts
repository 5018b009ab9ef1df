/** Draws an hour of minutes as one path for each kind: an element for each minute would be thousands in a long list. Pure. */

export const beatKinds = { '-': 'none', o: 'ok', t: 'throttled', x: 'failed' } as const
export type BeatKind = (typeof beatKinds)[keyof typeof beatKinds]

const WIDTH = 2
export const BEAT_STEP = 3
export const BEAT_HEIGHT = 18
const NONE_HEIGHT = 4

export interface BeatPath {
  kind: BeatKind
  path: string
  minutes: number
}

/** `minutes`: as the gateway tells them, the last one now. What is not known is passed over. */
export function beatPaths(minutes: string): BeatPath[] {
  const found = new Map<BeatKind, number[]>()
  for (const [at, mark] of Array.from(minutes).entries()) {
    const [, kind] = Object.entries(beatKinds).find(([each]) => each === mark) ?? []
    if (kind !== undefined) found.set(kind, [...(found.get(kind) ?? []), at])
  }
  return [...found].map(([kind, places]) => ({
    kind,
    minutes: places.length,
    path: places.map((at) => drawBeat(at, kind)).join(''),
  }))
}

/** A minute without a request is a low one: that differs without its colour, too. */
function drawBeat(at: number, kind: BeatKind): string {
  const height = kind === 'none' ? NONE_HEIGHT : BEAT_HEIGHT
  return `M${at * BEAT_STEP} ${(BEAT_HEIGHT - height) / 2}h${WIDTH}v${height}h-${WIDTH}z`
}
