import { useRef } from 'preact/hooks'
import type { TargetedPointerEvent } from 'preact'
import { outcomes, type Bars } from './bars.ts'
import { brushOver, type Brush } from './brush.ts'

interface BarChartProps {
  bars: Bars
  scale: { count: number; from: number; stepMs: number }
  brush: Brush | undefined
  /** At which bar a hand points; undefined: at none. */
  onPoint: (index: number | undefined) => void
  onDraft: (brush: Brush | undefined) => void
  onChoose: (brush: Brush | undefined) => void
}

const HEIGHT = 100
/** Of a bar's place. */
const GAP = 0.15

/** The bars, for the eye and for hands; screen readers have the table, and keys the edges of the brush. */
export function BarChart({ bars, scale, brush, onPoint, onDraft, onChoose }: BarChartProps) {
  const anchor = useRef<number>(undefined)

  function indexOf(event: TargetedPointerEvent<SVGSVGElement>): number {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const index = Math.floor(((event.clientX - left) / Math.max(1, width)) * scale.count)
    return Math.min(scale.count - 1, Math.max(0, index))
  }
  function begin(event: TargetedPointerEvent<SVGSVGElement>): void {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    anchor.current = indexOf(event)
    onDraft(brushOver(anchor.current, anchor.current, scale))
  }
  function move(event: TargetedPointerEvent<SVGSVGElement>): void {
    const index = indexOf(event)
    onPoint(index)
    if (anchor.current !== undefined) onDraft(brushOver(anchor.current, index, scale))
  }
  function finish(event: TargetedPointerEvent<SVGSVGElement>): void {
    if (anchor.current === undefined) return
    const chosen = brushOver(anchor.current, indexOf(event), scale)
    anchor.current = undefined
    onChoose(chosen)
  }
  /** The browser took the hand for scrolling. */
  function giveUp(): void {
    anchor.current = undefined
    onDraft(undefined)
  }

  return (
    <svg
      class="histogram-bars"
      viewBox={`0 0 ${scale.count} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={finish}
      onPointerCancel={giveUp}
      onPointerLeave={() => onPoint(undefined)}
    >
      {bars.bars.map((bar, index) => (
        <Stack key={bar.at} bars={bars} index={index} />
      ))}
      {brush !== undefined && (
        <>
          <rect class="histogram-shade" x={0} width={brush.begin} height={HEIGHT} />
          <rect class="histogram-shade" x={brush.end} width={scale.count - brush.end} height={HEIGHT} />
        </>
      )}
    </svg>
  )
}

function Stack({ bars: { bars, most }, index }: { bars: Bars; index: number }) {
  const bar = bars[index]
  if (bar === undefined || bar.total === 0) return null
  let top = HEIGHT
  return (
    <>
      {outcomes.map((name) => {
        // What is there at all is seen.
        const height = bar[name] === 0 ? 0 : Math.max(1.5, (bar[name] / most) * HEIGHT)
        top -= height
        return height === 0 ? null : (
          <rect
            key={name}
            class={`bar-${name}`}
            x={index + GAP / 2}
            y={Math.max(0, top)}
            width={1 - GAP}
            height={height}
          />
        )
      })}
    </>
  )
}
