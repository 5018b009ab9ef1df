import { useEffect, useRef } from 'preact/hooks'
import type { TargetedKeyboardEvent } from 'preact'
import { formatMoment } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { moveEdge, type Brush, type Edge } from './brush.ts'
import { messages } from './messages.ts'

interface BrushEdgesProps {
  scale: { count: number; from: number; stepMs: number }
  /** Undefined: all is. */
  brush: Brush | undefined
  onDraft: (brush: Brush) => void
  onChoose: (brush: Brush | undefined) => void
}

/** Keys are pressed in a row; the list is asked for when they rest. */
const REST_MS = 400

/** The two ends of what is chosen, each a slider of its own for keys. */
export function BrushEdges({ scale, brush, onDraft, onChoose }: BrushEdgesProps) {
  const text = speak(messages)
  const timer = useRef<number>(undefined)
  const present = brush ?? { begin: 0, end: scale.count }
  useEffect(() => () => window.clearTimeout(timer.current), [])

  function press(event: TargetedKeyboardEvent<HTMLElement>, edge: Edge): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const { key, shiftKey } = event
    if (key === 'Escape' || key === 'Enter') {
      window.clearTimeout(timer.current)
      event.preventDefault()
      onChoose(key === 'Enter' ? present : undefined)
      return
    }
    const moved = moveEdge(present, edge, { key, shiftKey, scale })
    if (moved === undefined) return
    event.preventDefault()
    onDraft(moved)
    window.clearTimeout(timer.current)
    timer.current = window.setTimeout(() => onChoose(moved), REST_MS)
  }
  return (
    <>
      {(['begin', 'end'] as const).map((edge) => (
        <div
          key={edge}
          role="slider"
          tabIndex={0}
          class={`histogram-edge ${edge}`}
          style={{ left: `${(present[edge] / scale.count) * 100}%` }}
          aria-label={text(edge)}
          aria-valuemin={0}
          aria-valuemax={scale.count}
          aria-valuenow={present[edge]}
          aria-valuetext={formatMoment(scale.from + present[edge] * scale.stepMs)}
          title={text('help')}
          onKeyDown={(event) => press(event, edge)}
        />
      ))}
    </>
  )
}
