import { useState } from 'preact/hooks'
import type { AccountUsage } from '../../../api/types.ts'
import { formatNumber } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { LeftMeter, shareOf } from '../../../parts/meter.tsx'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { Time } from '../../../parts/time.tsx'
import type { Reading } from '../../../state/resource.ts'
import { Facts } from './facts.tsx'
import { messages } from './messages.ts'

interface QuotaPartProps {
  usage: Reading<AccountUsage>
  onReadQuota: () => Promise<void>
}

/** What is left, of which purse, and for how long. */
export function QuotaPart({ usage, onReadQuota }: QuotaPartProps) {
  const text = speak(messages)
  const [isBusy, setBusy] = useState(false)
  const { value, error, isLoading } = usage

  async function read(): Promise<void> {
    setBusy(true)
    await onReadQuota()
    setBusy(false)
  }
  return (
    <section class="drawer-part">
      <div class="actions spread">
        <h3>{text('quota')}</h3>
        <Button look="quiet" icon="refresh" isBusy={isBusy} onClick={() => void read()}>
          {text('readQuota')}
        </Button>
      </div>
      {value === undefined && isLoading && <Skeleton rows={2} />}
      {error !== undefined && <Failed error={error} />}
      {value !== undefined && <KnownQuota usage={value} />}
    </section>
  )
}

function KnownQuota({ usage }: { usage: AccountUsage }) {
  const text = speak(messages)
  const { left, limit, readAt, resetsAt } = usage
  if (readAt === null) return <p class="hint">{text('quotaNone')}</p>
  return (
    <>
      {left === null || limit === null ? (
        <p class="hint">{text('quotaUntold')}</p>
      ) : (
        <p class="quota-left">
          {text('quotaLeft', { left: formatNumber(left), limit: formatNumber(limit) })}
        </p>
      )}
      {usage.sources.map((source) => (
        <Source key={`${source.kind} ${source.name} ${source.endsAt}`} source={source} />
      ))}
      <Facts
        facts={[
          resetsAt === null ? undefined : [text('resets'), <Time at={resetsAt} />],
          [text('forecast'), <Forecast forecast={usage.forecast} />],
          usage.overage === null
            ? undefined
            : [
                text('overage'),
                usage.overage.allowed ? overageText(usage.overage, text) : text('overageOff'),
              ],
          [text('readAt'), <Time at={readAt} />],
        ]}
      />
    </>
  )
}

function Source({ source }: { source: AccountUsage['sources'][number] }) {
  const text = speak(messages)
  const { used, limit } = source
  const left = Math.max(0, limit - used)
  const kind =
    source.kind === 'plan' ? 'sourcePlan' : source.kind === 'free-trial' ? 'sourceTrial' : 'sourceBonus'
  return (
    <div class="quota-source">
      <div class="actions spread">
        <span class="break">
          {text(kind)}
          {source.name !== null && <bdi> {source.name}</bdi>}
        </span>
        <span class="hint">
          {text('quotaLeft', { left: formatNumber(left), limit: formatNumber(limit) })}
          {source.endsAt !== null && source.kind !== 'plan' && (
            <>
              {' · '}
              {text('ends')} <Time at={source.endsAt} />
            </>
          )}
        </span>
      </div>
      <LeftMeter share={shareOf(left, limit)} />
    </div>
  )
}

function Forecast({ forecast }: { forecast: AccountUsage['forecast'] }) {
  const text = speak(messages)
  if (forecast === null) return <span class="hint">{text('noForecast')}</span>
  const rate = formatNumber(forecast.creditsPerDay)
  if (forecast.at === null) return <>{text('lasts', { rate })}</>
  return (
    <strong>
      {text('runsOut', { rate })} <Time at={forecast.at} />
    </strong>
  )
}

function overageText(
  { used, cap }: NonNullable<AccountUsage['overage']>,
  text: ReturnType<typeof speak<(typeof messages)['en']>>,
): string {
  return cap === null
    ? text('overageUsed', { used: formatNumber(used) })
    : text('overageUsedOf', { used: formatNumber(used), cap: formatNumber(cap) })
}
