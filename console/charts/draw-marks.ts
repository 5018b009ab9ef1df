import type uPlot from 'uplot'
import type { ChartMark } from './chart-view.ts'
import type { Palette } from './palette.ts'

/** A dashed line where something happened, with a head that is seen at a glance. */
export function drawMarks(plot: uPlot, marks: readonly ChartMark[], palette: Palette): void {
  const { ctx, bbox } = plot
  const scale = window.devicePixelRatio
  ctx.save()
  ctx.strokeStyle = palette.of('--accent')
  ctx.fillStyle = palette.of('--accent')
  ctx.lineWidth = scale
  ctx.setLineDash([3 * scale, 3 * scale])
  for (const { at } of marks) {
    const x = plot.valToPos(at, 'x', true)
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    ctx.beginPath()
    ctx.moveTo(x - 4 * scale, bbox.top - 6 * scale)
    ctx.lineTo(x + 4 * scale, bbox.top - 6 * scale)
    ctx.lineTo(x, bbox.top)
    ctx.fill()
  }
  ctx.restore()
}
