import type { ComponentChildren } from 'preact'
import type { Traffic } from '../../api/types.ts'
import { formatMilliseconds, formatNumber, formatPercent, formatShort } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Link } from '../../parts/link.tsx'
import { Failed } from '../../parts/states.tsx'
import { snapshot } from '../../state/live.ts'
import { addressOf } from '../../state/route.ts'
import { traffic } from '../../state/traffic.ts'
import { unreachable } from '../../unreachable.ts'
import { compare, type Compared } from './compare.ts'
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
  ) =>
    hour === undefined ? (
      // As high as what will stand there.
      <div class="sparkline" />
    ) : (
      <Sparkline series={seriesOf(hour, read, absent)} format={format} />
    )

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

type Course = { children: ComponentChildren }

function RequestsTile({ children }: Course) {
  const text = speak(messages)
  const seen = snapshot.value
  return (
    <Tile
      what="requests"
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
      what="success"
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
      what="firstToken"
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
      what="tokens"
      label={text('tokens')}
      value={seen && formatShort(seen.lastMinute.outputTokens)}
      note={total === undefined ? undefined : text('lastHourTokens', { total })}
    >
      {children}
    </Tile>
  )
}

interface TileProps extends Course {
  what: Compared
  label: string
  /** Undefined: nothing is known, which is not zero. */
  value: string | undefined
  note: string | undefined
}

/** Which requests it is about. */
const filters: Record<Compared, Record<string, string>> = {
  requests: { range: '1h' },
  success: { range: '1h', outcome: 'upstream-error' },
  firstToken: { range: '1h' },
  tokens: { range: '1h', outcome: 'ok' },
}

function Tile({ what, label, value, note, children }: TileProps) {
  const text = speak(messages)
  return (
    <section class="card tile" aria-label={label}>
      <h2 class="tile-label">
        <Link class="tile-link" href={addressOf('requests', filters[what])}>
          {label}
        </Link>
      </h2>
      <p class={value === undefined ? 'tile-value none' : 'tile-value'}>{value ?? text('noData')}</p>
      <p class="hint tile-note">
        <span>{note}</span>
        <ChangeNote what={what} />
      </p>
      {children}
    </section>
  )
}

/** Beside the hour before. Whether more is better nobody but the operator knows, so it has no colour. */
function ChangeNote({ what }: { what: Compared }) {
  const text = speak(messages)
  const hour = traffic.state.value.value
  if (hour === undefined) return null
  const change = compare(hour, what)
  switch (change.kind) {
    case 'unknown':
      return null
    case 'same':
      return <span title={text('before')}>{text('same')}</span>
    case 'up':
    case 'down': {
      const by =
        what === 'success'
          ? text('points', { points: formatNumber(round(change.by * 100)) })
          : formatPercent(change.by)
      return <span title={text('before')}>{text(`change-${change.kind}`, { by })}</span>
    }
    default:
      return unreachable(change)
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function successOf(point: Point): number | null {
  const share = errorShareOf(point)
  return share === undefined ? null : 1 - share
}
