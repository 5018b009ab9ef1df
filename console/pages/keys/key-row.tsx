import type { ComponentChildren } from 'preact'
import type { Key } from '../../api/types.ts'
import { formatNumber, formatShort } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Menu, type MenuItem } from '../../parts/menu.tsx'
import { Private } from '../../parts/private.tsx'
import { Time } from '../../parts/time.tsx'
import { changeQuery } from '../../state/route.ts'
import { KeyLimits, KeyScope } from './key-bounds.tsx'
import { KeyStatus } from './key-status.tsx'
import { prefixOf, revocations, revokeSoon } from './keys-store.ts'
import { tokensIn } from './list-keys.ts'
import { messages } from './messages.ts'

interface KeyRowProps {
  keyShown: Key
  /** It is about to be revoked. */
  isEnding: boolean
}

export function KeyRow({ keyShown: key, isEnding }: KeyRowProps) {
  const text = speak(messages)
  const { today, month } = key.usage
  const canEdit = key.status !== 'revoked' && !isEnding
  return (
    <tr
      role="row"
      data-key={key.id}
      tabIndex={-1}
      class={key.status === 'revoked' || isEnding ? 'ended' : undefined}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget && canEdit) openKey(key)
      }}
    >
      <NameCell keyShown={key} canEdit={canEdit} />
      <Cell label={text('status')}>
        <KeyStatus keyShown={key} isEnding={isEnding} />
      </Cell>
      <Cell label={text('createdAt')}>
        <Time at={key.created_at} />
      </Cell>
      <Cell label={text('lastUsed')}>
        {key.last_used_at === null ? text('never') : <Time at={key.last_used_at} />}
      </Cell>
      <Cell label={text('requestsOf')}>
        {formatNumber(today.requests)} / {formatNumber(month.requests)}
      </Cell>
      <Cell label={text('tokensOf')}>
        {formatShort(tokensIn(today))} / {formatShort(tokensIn(month))}
      </Cell>
      <Cell label={text('expires')}>
        {key.expires_at === null ? text('noExpiry') : <Time at={key.expires_at} />}
      </Cell>
      <Cell label={text('bounds')}>
        <span class="bounds">
          <KeyLimits keyShown={key} />
          <KeyScope keyShown={key} />
        </span>
      </Cell>
      <td role="cell" class="row-tools">
        {isEnding ? (
          <Button look="quiet" onClick={() => revocations.takeBack(key.id)}>
            {text('undo')}
          </Button>
        ) : (
          <Menu label={text('actionsFor', { prefix: prefixOf(key) })} items={itemsFor(key)} />
        )}
      </td>
    </tr>
  )
}

function NameCell({ keyShown: key, canEdit }: { keyShown: Key; canEdit: boolean }) {
  return (
    <th role="rowheader" scope="row" class="name">
      {canEdit ? (
        <button type="button" class="row-link" onClick={() => openKey(key)}>
          <Private text={key.name} />
        </button>
      ) : (
        <Private text={key.name} />
      )}
      <code class="key-prefix">{prefixOf(key)}</code>
    </th>
  )
}

export function Cell({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <td role="cell" data-label={label}>
      {children}
    </td>
  )
}

function openKey({ id }: Key): void {
  changeQuery({ key: id }, { replaces: false })
}

function itemsFor(key: Key): MenuItem[] {
  const text = speak(messages)
  const isRevoked = key.status === 'revoked' ? text('itIsRevoked') : undefined
  const isExpired = key.status === 'expired' ? text('itIsExpired') : undefined
  return [
    { label: text('edit'), disabledBecause: isRevoked, onChoose: () => openKey(key) },
    {
      label: text('rotate'),
      icon: 'refresh',
      disabledBecause: isRevoked ?? isExpired,
      onChoose: () => changeQuery({ rotate: key.id }, { replaces: false }),
    },
    {
      label: text('revoke'),
      icon: 'trash',
      isDanger: true,
      disabledBecause: isRevoked,
      onChoose: () => revokeSoon(key),
    },
  ]
}
