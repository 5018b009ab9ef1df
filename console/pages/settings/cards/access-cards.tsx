import { speak } from '../../../i18n/messages.ts'
import { session } from '../../../state/session.ts'
import { formatTime } from '../../../i18n/format.ts'
import { Card } from './card.tsx'
import { messages } from './messages.ts'
import { PasswordForm } from './password-form.tsx'
import { SessionTable } from './session-table.tsx'
import { TokensCard } from './tokens-card.tsx'

const ways = { local: 'viaLocal', session: 'viaSession', password: 'viaPassword', token: 'viaToken' } as const

/** Who gets in as the operator, and by what. */
export function AccessCards() {
  const text = speak(messages)
  if (session.value.kind !== 'operator') return null
  const { via, password, expires_at: expiresAt } = session.value.view
  return (
    <>
      <Card title={text('sessionTitle')}>
        <p>{text(ways[via])}</p>
        {expiresAt !== null && <p class="hint">{text('sessionEnds', { when: formatTime(expiresAt) })}</p>}
        {password !== null && <SessionTable />}
        {password === 'stored' && <p class="hint">{text('endAll')}</p>}
      </Card>
      <Card title={text('passwordTitle')}>
        <p>
          {text(
            password === null
              ? 'passwordNone'
              : password === 'environment'
                ? 'passwordEnvironment'
                : 'passwordStored',
          )}
        </p>
        {password !== 'environment' && <PasswordForm hasPassword={password !== null} />}
      </Card>
      <TokensCard />
    </>
  )
}
