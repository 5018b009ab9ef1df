import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { doInTurn } from './do-in-turn.ts'

/** A part of a long page that comes after those before it, so that no phone is held up by all of them at once. */
export function InTurn({ children }: { children: ComponentChildren }) {
  const [isDue, setIsDue] = useState(false)
  useEffect(() => doInTurn(() => setIsDue(true)), [])
  return isDue ? <>{children}</> : <span class="in-turn" hidden />
}
