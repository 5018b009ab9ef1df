import { useEffect, useState } from 'preact/hooks'
import type { Key } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Empty, Failed, Skeleton } from '../../parts/states.tsx'
import { Time } from '../../parts/time.tsx'
import { snapshot } from '../../state/live.ts'
import { now } from '../../state/now.ts'
import { changeQuery, route } from '../../state/route.ts'
import { followNewKey, KeyDialogs, openNewKey } from './key-dialogs.tsx'
import { KeyTools } from './key-tools.tsx'
import { environmentKeys, keys } from './key-list.ts'
import { followKeys } from './keys-store.ts'
import { KeysTable } from './keys-table.tsx'
import { keyGroups, keyOrders, listKeys } from './list-keys.ts'
import { messages } from './messages.ts'

export function KeysPage() {
  useEffect(followKeys, [])
  useEffect(followNewKey, [])
  const { value, error } = keys.state.value
  return (
    <>
      {value === undefined ? (
        <Absent error={error} />
      ) : (
        <>
          {error !== undefined && <Stale />}
          <KeyList list={value} />
        </>
      )}
      <KeyDialogs />
    </>
  )
}

function Absent({ error }: { error: unknown }) {
  if (error === undefined) return <Skeleton rows={8} />
  return <Failed error={error} onRetry={() => void keys.load()} />
}

function Stale() {
  const text = speak(messages)
  const { error, readAt } = keys.state.value
  return (
    <div class="stale">
      <Failed error={error} onRetry={() => void keys.load()} />
      {readAt !== undefined && (
        <p class="hint">
          {text('staleSince')} <Time at={readAt} />
        </p>
      )}
    </div>
  )
}

const A_PAGE = 100

function KeyList({ list }: { list: readonly Key[] }) {
  const text = speak(messages)
  const [most, setMost] = useState(A_PAGE)
  const { query } = route.value
  const group = keyGroups.find((each) => each === query.get('state')) ?? 'current'
  const order = keyOrders.find((each) => each === query.get('sort')) ?? 'created'
  const sought = query.get('q') ?? ''
  const isOpen = snapshot.value?.warnings.some(({ code }) => code === 'open-api') === true
  // They have no name to be found by, and are in use as long as they are there.
  const hasEnvironment =
    environmentKeys.value.length > 0 && sought === '' && (group === 'current' || group === 'all')
  if (list.length === 0 && environmentKeys.value.length === 0 && !isOpen) return <NoKeys />
  const shown = listKeys(list, { group, order, sought }, now.value)
  return (
    <>
      <KeyTools list={list} group={group} sought={sought} />
      {shown.length > 0 || hasEnvironment || list.length === 0 ? (
        <KeysTable
          list={shown.slice(0, most)}
          order={order}
          isOpen={isOpen}
          withEnvironment={hasEnvironment}
        />
      ) : (
        <Empty
          icon="search"
          title={text('noMatchTitle')}
          action={
            <Button onClick={() => changeQuery({ q: undefined, state: 'all' })}>{text('showAll')}</Button>
          }
        >
          <p>{text('noMatchReason')}</p>
        </Empty>
      )}
      {shown.length > most && (
        <p class="actions keys-more">
          <Button onClick={() => setMost(most + A_PAGE)}>{text('more')}</Button>
        </p>
      )}
      <p class="hint keys-note">
        {text('shown', { count: shown.length })}
        {hasEnvironment && <> · {text('environment')}</>}
      </p>
    </>
  )
}

function NoKeys() {
  const text = speak(messages)
  return (
    <Empty
      icon="keys"
      title={text('emptyTitle')}
      action={
        <Button look="primary" icon="add" onClick={openNewKey}>
          {text('create')}
        </Button>
      }
    >
      <p>{text('emptyReason')}</p>
    </Empty>
  )
}
