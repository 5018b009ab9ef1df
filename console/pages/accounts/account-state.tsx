import type { Account } from '../../api/types.ts'
import { formatNumber, formatSpan, formatTime } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { now } from '../../state/now.ts'
import { busyAccounts, doDeed } from './account-deeds.ts'
import { judgeAccount, partNames, type PartName, type StatePart } from './account-state.ts'
import { deedMessages, partMessages, reasonMessages, wordMessages } from './state-messages.ts'
import { TestResult } from './test-result.tsx'

/** What an account's state is, in its four parts: what is not well says why, and what helps. */
export function AccountState({ account }: { account: Account }) {
  const judgement = judgeAccount(account, now.value)
  const partText = speak(partMessages)
  return (
    <div class="account-state">
      <dl>
        {partNames.map((name) => (
          <div key={name} class="state-part">
            <dt>{partText(name)}</dt>
            <dd>
              <Part name={name} part={judgement[name]} account={account} />
            </dd>
          </div>
        ))}
      </dl>
      <TestResult id={account.id} />
    </div>
  )
}

function Part({ name, part, account }: { name: PartName; part: StatePart; account: Account }) {
  const text = speak(deedMessages)
  const { tone, word, reason, until, said, next } = part
  return (
    <>
      <Badge tone={tone}>{speak(wordMessages)(word)}</Badge>
      {name === 'quota' && <QuotaWords account={account} />}
      {reason !== undefined && <p>{speak(reasonMessages)(reason)}</p>}
      {said !== undefined && (
        <p class="hint break">
          {text('said')} <q lang="en">{said}</q>
        </p>
      )}
      {until !== undefined && name !== 'quota' && (
        <p class="hint">
          {text('waitUntil', { when: formatSpan(until, now.value), time: formatTime(until) })}
        </p>
      )}
      {next !== undefined && (
        <Button
          look={tone === 'bad' ? 'plain' : 'quiet'}
          isBusy={busyAccounts.value.has(account.id)}
          onClick={() => doDeed(next, account)}
        >
          {text(next)}
        </Button>
      )}
    </>
  )
}

function QuotaWords({ account: { quota } }: { account: Account }) {
  const text = speak(deedMessages)
  if (quota === null || quota.left === null) return null
  const left = formatNumber(quota.left)
  const words =
    quota.limit === null ? text('left', { left }) : text('leftOf', { left, limit: formatNumber(quota.limit) })
  return (
    <p class="hint">
      {words}
      {quota.resetsAt !== null && (
        <span title={formatTime(quota.resetsAt)}>
          {' · '}
          {text('resets', { when: formatSpan(quota.resetsAt, now.value) })}
        </span>
      )}
    </p>
  )
}
