import { useEffect, useState } from 'preact/hooks'
import type { Token } from '../../../api/types.ts'
import { formatDate } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { CopyButton } from '../../../parts/copy-button.tsx'
import { mask, Private } from '../../../parts/private.tsx'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { Time } from '../../../parts/time.tsx'
import { useSubmit } from '../../../parts/use-submit.ts'
import { isPrivate } from '../../../state/settings.ts'
import { showToast } from '../../../state/toasts.ts'
import { Card } from './card.tsx'
import { messages } from './messages.ts'
import { TokenForm } from './token-form.tsx'
import { removeToken, tokens } from './tokens-store.ts'

/** What scripts carry in place of the password. */
export function TokensCard() {
  const text = speak(messages)
  const [made, setMade] = useState<string>()
  useEffect(() => void tokens.load(), [])
  const { value, error } = tokens.state.value
  return (
    <Card title={text('tokensTitle')}>
      <p class="hint">{text('tokensWhy')}</p>
      {made !== undefined && (
        <div class="new-key-once" role="status">
          <p>{text('tokenOnce')}</p>
          <p>
            <code class="break">{made}</code>
          </p>
          <div class="actions">
            <CopyButton text={made} />
            <Button look="primary" icon="check" onClick={() => setMade(undefined)}>
              {text('tokenStored')}
            </Button>
          </div>
        </div>
      )}
      {error !== undefined && <Failed error={error} onRetry={() => void tokens.load()} />}
      {value === undefined ? error === undefined && <Skeleton rows={2} /> : <TokenTable list={value} />}
      <TokenForm onMade={setMade} />
    </Card>
  )
}

function TokenTable({ list }: { list: readonly Token[] }) {
  const text = speak(messages)
  if (list.length === 0) return <p class="hint">{text('noTokens')}</p>
  return (
    <div class="table-frame">
      <table class="table review-table">
        <thead>
          <tr>
            <th scope="col">{text('tokenName')}</th>
            <th scope="col">{text('tokenScope')}</th>
            <th scope="col">{text('tokenExpires')}</th>
            <th scope="col">{text('tokenUsed')}</th>
            <th scope="col">
              <span class="unseen">{text('removeToken')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.map((token) => (
            <TokenRow key={token.id} token={token} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function TokenRow({ token }: { token: Token }) {
  const text = speak(messages)
  const { id, name, scope, expires_at: expiresAt, last_used_at: usedAt } = token
  const shownName = isPrivate.value ? mask(name) : name
  const [isAsked, setAsked] = useState(false)
  const { error, isBusy, onSubmit } = useSubmit(async () => {
    await removeToken(id)
    showToast({ kind: 'done', text: () => speak(messages)('tokenRemoved') })
  })
  return (
    <tr>
      <th scope="row">
        <Private text={name} />
      </th>
      <td data-label={text('tokenScope')}>{text(scope === 'read' ? 'scopeRead' : 'scopeFull')}</td>
      <td data-label={text('tokenExpires')}>{formatDate(expiresAt)}</td>
      <td data-label={text('tokenUsed')}>{usedAt === null ? text('never') : <Time at={usedAt} />}</td>
      <td>
        <form class="actions" onSubmit={onSubmit}>
          {error !== undefined && <Failed error={error} />}
          {isAsked ? (
            <>
              <span>{text('removeSure')}</span>
              <Button key="send" type="submit" look="danger" isBusy={isBusy}>
                {text('removeYes')}
              </Button>
              <Button onClick={() => setAsked(false)}>{text('keep')}</Button>
            </>
          ) : (
            <Button
              key="ask"
              aria-label={text('removeTokenOf', { name: shownName })}
              onClick={() => setAsked(true)}
            >
              {text('removeToken')}
            </Button>
          )}
        </form>
      </td>
    </tr>
  )
}
