import { useState } from 'preact/hooks'
import type { Account } from '../../../api/types.ts'
import { speak } from '../../../i18n/messages.ts'
import { Badge } from '../../../parts/badge.tsx'
import { Button } from '../../../parts/button.tsx'
import { Time } from '../../../parts/time.tsx'
import { refreshTokens } from './account-deeds.ts'
import { Facts } from './facts.tsx'
import { messages } from './messages.ts'

export function TokensTab({ account, onSignIn }: { account: Account; onSignIn: () => void }) {
  const text = speak(messages)
  const [isBusy, setBusy] = useState(false)

  async function refresh(): Promise<void> {
    setBusy(true)
    await refreshTokens(account)
    setBusy(false)
  }
  const wasIssued = account.last_refresh_status === 'success' && account.last_refresh_time !== null
  return (
    <div class="stack">
      <section class="drawer-part">
        <h3>{text('accessToken')}</h3>
        <Facts
          facts={[
            wasIssued ? [text('issued'), <KnownTime at={account.last_refresh_time} />] : undefined,
            [
              text('expires'),
              account.expires_at === null ? text('unknownExpiry') : <KnownTime at={account.expires_at} />,
            ],
            [text('lastRefresh'), <LastRefresh account={account} />],
            [text('accessToken'), <Print of={account.fingerprints.accessToken} />],
          ]}
        />
        <div class="actions">
          <Button icon="refresh" isBusy={isBusy} onClick={() => void refresh()}>
            {text('refreshNow')}
          </Button>
        </div>
      </section>
      <section class="drawer-part">
        <h3>{text('refreshToken')}</h3>
        <Facts
          facts={[
            [text('refreshToken'), <Print of={account.fingerprints.refreshToken} />],
            [text('clientSecret'), <Print of={account.fingerprints.clientSecret} />],
            [
              text('registration'),
              account.registrationExpiresAt === null ? (
                text('unknown')
              ) : (
                <KnownTime at={account.registrationExpiresAt} />
              ),
            ],
          ]}
        />
        <div class="actions">
          <Button onClick={onSignIn}>{text('signInAgain')}</Button>
        </div>
      </section>
    </div>
  )
}

function KnownTime({ at }: { at: string | null }) {
  return at === null ? null : <Time at={at} />
}

function Print({ of: print }: { of: string | null }) {
  const text = speak(messages)
  return print === null ? <>{text('none')}</> : <code>…{print}</code>
}

function LastRefresh({ account }: { account: Account }) {
  const text = speak(messages)
  if (account.last_refresh_time === null) return <>{text('refreshNever')}</>
  const hasFailed = account.last_refresh_status === 'failed'
  return (
    <span class="actions">
      <Badge tone={hasFailed ? 'bad' : 'good'}>{text(hasFailed ? 'refreshFailed' : 'refreshOk')}</Badge>
      <Time at={account.last_refresh_time} />
    </span>
  )
}
