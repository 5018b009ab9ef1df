import type { Traffic } from '../../api/types.ts'
import { formatMilliseconds, formatNumber, formatPercent, formatShort } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Failed } from '../../parts/states.tsx'
import { snapshot } from '../../state/live.ts'
import { traffic } from '../../state/traffic.ts'
import { messages } from './messages.ts'
import { seriesOf } from './series.ts'
import { Sparkline } from './sparkline.tsx'
import { errorShareOf, requestsOf } from './verdict.ts'

type Point = Traffic['points'][number]

/** Four numbers, each with its last hour. */
export function Tiles() {
  const text = speak(messages)
  const { value: hour, error } = traffic.state.value
  const course = (
    read: (point: Point) => number | null,
    absent: number | null,
    format: (value: number) => string,
  ) => hour !== undefined && <Sparkline series={seriesOf(hour, read, absent)} format={format} />

  return (
    <div class="stack">
      <div class="cards tiles">
        <RequestsTile>{course(requestsOf, 0, formatNumber)}</RequestsTile>
        <SuccessTile>{course(successOf, null, formatPercent)}</SuccessTile>
        <FirstTokenTile>
          {course(({ firstTokenP50Ms }) => firstTokenP50Ms, null, formatMilliseconds)}
        </FirstTokenTile>
        <TokensTile>{course(({ outputTokens }) => outputTokens, 0, formatShort)}</TokensTile>
      </div>
      {error !== undefined && hour === undefined && (
        <details class="tiles-failed">
          <summary>{text('courseFailed')}</summary>
          <Failed error={error} onRetry={() => void traffic.load()} />
        </details>
      )}
    </div>
  )
}

type Course = { children: ReturnType<typeof Sparkline> | false }

function RequestsTile({ children }: Course) {
  const text = speak(messages)
  const seen = snapshot.value
  return (
    <Tile
      label={text('requests')}
      value={seen && formatNumber(requestsOf(seen.lastMinute))}
      note={seen && text('lastHourTotal', { count: requestsOf(seen.lastHour) })}
    >
      {children}
    </Tile>
  )
}

function SuccessTile({ children }: Course) {
  const text = speak(messages)
  const hour = snapshot.value?.lastHour
  const errorShare = hour && errorShareOf(hour)
  const failed = hour === undefined ? 0 : hour.throttled + hour.upstreamErrors + hour.shed
  return (
    <Tile
      label={text('success')}
      value={errorShare === undefined ? undefined : formatPercent(1 - errorShare)}
      note={errorShare === undefined ? undefined : text('failures', { count: failed })}
    >
      {children}
    </Tile>
  )
}

function FirstTokenTile({ children }: Course) {
  const text = speak(messages)
  const hour = snapshot.value?.lastHour
  const p50 = hour?.firstTokenP50Ms ?? undefined
  const p95 = hour?.firstTokenP95Ms ?? undefined
  return (
    <Tile
      label={text('firstToken')}
      value={p50 === undefined ? undefined : formatMilliseconds(p50)}
      note={p95 === undefined ? undefined : text('p95', { time: formatMilliseconds(p95) })}
    >
      {children}
    </Tile>
  )
}

function TokensTile({ children }: Course) {
  const text = speak(messages)
  const seen = snapshot.value
  const total = seen && formatShort(seen.lastHour.outputTokens)
  return (
    <Tile
      label={text('tokens')}
      value={seen && formatShort(seen.lastMinute.outputTokens)}
      note={total === undefined ? undefined : text('lastHourTokens', { total })}
    >
      {children}
    </Tile>
  )
}

interface TileProps extends Course {
  label: string
  /** Undefined: nothing is known, which is not zero. */
  value: string | undefined
  note: string | undefined
}

function Tile({ label, value, note, children }: TileProps) {
  const text = speak(messages)
  return (
    <section class="card tile" aria-label={label}>
      <h2 class="tile-label">{label}</h2>
      <p class={value === undefined ? 'tile-value none' : 'tile-value'}>{value ?? text('noData')}</p>
      <p class="hint tile-note">{note}</p>
      {children}
    </section>
  )
}

function successOf(point: Point): number | null {
  const share = errorShareOf(point)
  return share === undefined ? null : 1 - share
}
