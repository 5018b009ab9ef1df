/** Hand-drawn on a grid of 16, in strokes of the text's colour. */
import { signal } from '@preact/signals'
import type { moreDrawings } from './more-drawings.ts'

const atTheDoor = {
  warn: 'M8 2 1.5 13.5h13zM8 6.5v3.5M8 12v.2',
  error: 'M8 14.5A6.5 6.5 0 1 0 8 1.5a6.5 6.5 0 0 0 0 13zM8 4.5v4.5M8 11v.2',
  wait: 'M8 14.5A6.5 6.5 0 1 0 8 1.5a6.5 6.5 0 0 0 0 13zM8 4.5V8l2.5 2',
  refresh: 'M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 1.5V5H10',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  eyeOff:
    'M2 2l12 12M6.2 4A6 6 0 0 1 8 3.5c4 0 6.5 4.5 6.5 4.5l-1.6 2M4 5.2A12 12 0 0 0 1.5 8S4 12.5 8 12.5c.9 0 1.7-.2 2.5-.5',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1',
  moon: 'M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z',
  language: 'M1.5 4h7M5 2v2M7 4c-.5 3-2.5 5-5 6M3.5 6.5c1 2 2.5 3 4.5 3.5M8 14l3-7 3 7M9 12h4',
} as const

/** Those that nobody needs before being signed in come with the shell. */
type MoreDrawings = typeof moreDrawings
export type IconName = keyof typeof atTheDoor | keyof MoreDrawings

const known = signal<Readonly<Partial<Record<IconName, string>>>>(atTheDoor)

export function addDrawings(more: MoreDrawings): void {
  known.value = { ...known.value, ...more }
}

/** On a grid of 16. To be called while a component renders. */
export function drawingOf(name: IconName): string | undefined {
  return known.value[name]
}

/** Says nothing to those who listen: the words beside it, or the label of its button, do. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={known.value[name]} />
    </svg>
  )
}
