import { computed } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { formatSpan } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Failed, Skeleton } from '../../parts/states.tsx'
import { isLinkDown } from '../../state/live.ts'
import { now } from '../../state/now.ts'
import { followTraffic } from '../../state/traffic.ts'
import { AccountsList } from './accounts-list.tsx'
import { accounts, followAccounts } from './accounts-store.ts'
import { followAccountTraffic } from './account-traffic.ts'
import { messages } from './messages.ts'
import { removals } from './removals.ts'

const shownAccounts = computed(() => {
  const { value } = accounts.state.value
  const hidden = removals.hidden.value
  return hidden.size === 0 ? value : value?.filter(({ id }) => !hidden.has(id))
})

export function AccountsPage() {
  const { error, readAt } = accounts.state.value
  const list = shownAccounts.value
  useEffect(followAccounts, [])
  useEffect(followTraffic, [])
  useEffect(followAccountTraffic, [])

  if (list === undefined) {
    return error === undefined ? (
      <Skeleton rows={12} />
    ) : (
      <Failed error={error} onRetry={() => void accounts.load()} />
    )
  }
  return (
    <>
      {error !== undefined && <Failed error={error} onRetry={() => void accounts.load()} />}
      <Age readAt={readAt} hasFailed={error !== undefined} />
      <AccountsList list={list} />
    </>
  )
}

const OLD_MS = 15_000

/** How old the list is, once nothing comes that would renew it. */
function Age({ readAt, hasFailed }: { readAt: number | undefined; hasFailed: boolean }) {
  const text = speak(messages)
  if (readAt === undefined || (!hasFailed && !isLinkDown.value)) return null
  if (now.value - readAt < OLD_MS) return null
  return <p class="hint accounts-age">{text('stale', { when: formatSpan(readAt, now.value) })}</p>
}
