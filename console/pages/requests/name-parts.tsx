/** Names of keys and accounts, those that are gone included. */
import { speak } from '../../i18n/messages.ts'
import { Private } from '../../parts/private.tsx'
import { listMessages } from './messages.ts'
import { shorten } from '../../parts/shorten.ts'
import { nameAccount, nameKey, TRIALS, type Named } from './names.ts'

export function AccountLabel({ id }: { id: string }) {
  return <Label id={id} named={nameAccount(id)} />
}

export function KeyLabel({ id }: { id: string | null }) {
  const text = speak(listMessages)
  if (id === null) return <span class="hint">{text('noKey')}</span>
  if (id === TRIALS) return <>{text('trial')}</>
  return <Label id={id} named={nameKey(id)} />
}

function Label({ id, named }: { id: string; named: Named }) {
  const text = speak(listMessages)
  switch (named.kind) {
    case 'known':
      return (
        <bdi>
          <Private text={named.name} />
        </bdi>
      )
    case 'gone':
      return (
        <span class="hint" title={text('goneHint', { id })}>
          {text('gone', { id: shorten(id) })}
        </span>
      )
    case 'unknown':
    default:
      return <span class="hint">{shorten(id)}</span>
  }
}
