/** The hours of a day as bars. Pure. */
import type { AccountDay } from '../../../api/types.ts'

export interface HourBar {
  at: number
  requests: number
  failed: number
  firstTokenP95Ms: number | null
}

const HOUR_MS = 3_600_000
export const BAR_STEP = 10
const BAR_WIDTH = 8
export const CHART_HEIGHT = 64

/** One for each hour, those without a request too. */
export function barsOf({ from, to, hours }: AccountDay): HourBar[] {
  const known = new Map(hours.map((hour) => [Date.parse(hour.at), hour]))
  const bars: HourBar[] = []
  for (let at = Date.parse(from); at <= Date.parse(to); at += HOUR_MS) {
    const { requests = 0, ok = 0, firstTokenP95Ms = null } = known.get(at) ?? {}
    bars.push({ at, requests, failed: requests - ok, firstTokenP95Ms })
  }
  return bars
}

/** What went well below, what failed on top of it. */
export function drawBars(bars: readonly HourBar[]): { ok: string; failed: string } {
  const most = Math.max(1, ...bars.map(({ requests }) => requests))
  const scale = CHART_HEIGHT / most
  const draw = (rect: (bar: HourBar) => { from: number; count: number }) =>
    bars
      .map((bar, at) => {
        const { from, count } = rect(bar)
        if (count === 0) return ''
        // Something is seen of a single one, too.
        const height = Math.max(1.5, count * scale)
        const y = Math.max(0, CHART_HEIGHT - from * scale - height)
        return `M${at * BAR_STEP} ${round(y)}h${BAR_WIDTH}v${round(height)}h-${BAR_WIDTH}z`
      })
      .join('')
  return {
    ok: draw(({ requests, failed }) => ({ from: 0, count: requests - failed })),
    failed: draw(({ requests, failed }) => ({ from: requests - failed, count: failed })),
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
