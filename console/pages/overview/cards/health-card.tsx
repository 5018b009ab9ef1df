import { ask } from '../../../api/client.ts'
import type { HealthChecks } from '../../../api/types.ts'
import {
  formatBytes,
  formatLength,
  formatMilliseconds,
  formatPercent,
  formatSpan,
} from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Badge, type Tone } from '../../../parts/badge.tsx'
import { Button } from '../../../parts/button.tsx'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { now } from '../../../state/now.ts'
import { createResource } from '../../../state/resource.ts'
import { unreachable } from '../../../unreachable.ts'
import { messages } from './messages.ts'

type Check = HealthChecks['checks'][number]

export const health = createResource<HealthChecks>((signal) => ask('/v2/health-checks', { signal }))

const tones: Record<Check['state'], Tone> = {
  good: 'good',
  warn: 'warn',
  bad: 'bad',
  unknown: 'idle',
  unused: 'idle',
}

/** What the gateway stands on; each opens to say from when on it matters, and why. */
export function HealthCard() {
  const text = speak(messages)
  const { value, error, isLoading } = health.state.value
  return (
    <>
      <header class="card-head">
        <h2>{text('health')}</h2>
        <Button look="quiet" isBusy={isLoading} onClick={() => void health.load()}>
          {text('again')}
        </Button>
      </header>
      {error !== undefined && <Failed error={error} onRetry={() => void health.load()} />}
      {value === undefined && error === undefined && <Skeleton rows={7} />}
      {value !== undefined && (
        <>
          <ul class="checks">
            {value.checks.map((check) => (
              <CheckItem key={check.code} check={check} />
            ))}
          </ul>
          <p class="hint">{text('checkedAt', { when: formatSpan(value.at, now.value) })}</p>
        </>
      )}
    </>
  )
}

function CheckItem({ check }: { check: Check }) {
  const text = speak(messages)
  const { code, state, value, warnAt, badAt } = check
  const limits = { warn: sayValue(check, warnAt), bad: sayValue(check, badAt) }
  return (
    <li>
      <details class="check">
        <summary>
          <span class="check-name">{text(`name-${code}`)}</span>
          <span class="check-value">{value === null ? '' : sayValue(check, value)}</span>
          <Badge tone={tones[state]}>{text(`state-${state}`)}</Badge>
        </summary>
        <p>{text(`why-${code}`)}</p>
        <p class="hint">{warnAt > badAt ? text('worseBelow', limits) : text('worseAbove', limits)}</p>
      </details>
    </li>
  )
}

function sayValue({ unit }: Check, value: number): string {
  switch (unit) {
    case 'milliseconds':
      return formatMilliseconds(value)
    case 'bytes':
      return formatBytes(value)
    case 'share':
      return formatPercent(value)
    case 'seconds':
      return formatLength(value)
    default:
      return unreachable(unit)
  }
}
