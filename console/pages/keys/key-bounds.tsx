/** What a key is held to, in short. */
import type { Key } from '../../api/types.ts'
import { formatNumber, formatShort } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { limitFields } from './key-draft.ts'
import { messages } from './messages.ts'

const limitTexts = {
  requests_per_minute: 'limitRequests',
  concurrent_requests: 'limitConcurrent',
  tokens_per_day: 'limitTokensDay',
  tokens_per_month: 'limitTokensMonth',
  credits_per_day: 'limitCreditsDay',
  credits_per_month: 'limitCreditsMonth',
} as const

export function KeyLimits({ keyShown: { limits } }: { keyShown: Key }) {
  const text = speak(messages)
  const said = limitFields.flatMap((field) => {
    const limit = limits[field]
    if (limit === null) return []
    const count = limit < 10_000 ? formatNumber(limit) : formatShort(limit)
    return [text(limitTexts[field], { count })]
  })
  return <Brief list={said} none={text('noLimits')} />
}

export function KeyScope({ keyShown }: { keyShown: Key }) {
  const text = speak(messages)
  const { models, account_tags: tags, addresses } = keyShown
  const list = [...(models ?? []), ...(tags ?? []).map((tag) => `#${tag}`), ...(addresses ?? [])]
  return <Brief list={list} none={text('noScope')} />
}

const SHOWN = 1

function Brief({ list, none }: { list: readonly string[]; none: string }) {
  if (list.length === 0) return <span class="hint">{none}</span>
  const rest = list.length - SHOWN
  return (
    <span class="brief" title={list.join('\n')}>
      {list.slice(0, SHOWN).map((name) => (
        <span key={name} class="tag">
          {name}
        </span>
      ))}
      {rest > 0 && <span class="hint">+{rest}</span>}
    </span>
  )
}
