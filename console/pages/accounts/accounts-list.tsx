import { computed, signal } from '@preact/signals'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Account } from '../../api/types.ts'
import { now } from '../../state/now.ts'
import { changeQuery, route } from '../../state/route.ts'
import { useAccountKeys } from './account-keys.ts'
import { accountCounts } from './account-traffic.ts'
import { AccountsCards } from './accounts-cards.tsx'
import { AccountsDialogs } from './accounts-dialogs.tsx'
import { AccountsEmpty, NoMatch } from './accounts-empty.tsx'
import { AccountsTable } from './accounts-table.tsx'
import { AccountsTools } from './accounts-tools.tsx'
import { BulkBar } from './bulk/bulk-bar.tsx'
import { RunNotes } from './bulk/run-dialog.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { createJudge, listAccounts } from './list-accounts.ts'
import { listPartOf, readWishes } from './list-address.ts'
import type { ListDeeds, ListView } from './list-view.ts'
import { RowSheets } from './row-sheets.tsx'
import type { Sort } from './sort-accounts.ts'
import { nothingSelected, toggle, toggleAll } from './selection.ts'

/** Pauses end and tokens grow old without news: so often the states are judged anew. */
const JUDGED_EVERY_MS = 15_000
const judgedAt = computed(() => Math.floor(now.value / JUDGED_EVERY_MS) * JUDGED_EVERY_MS)

const NARROW = '(max-width: 640px)'

/** Everything stays in its place when the first account comes: a dialog that is open must not begin anew. */
export function AccountsList({ list }: { list: readonly Account[] }) {
  const { query } = route.value
  const isNarrow = useIsNarrow()
  const counts = accountCounts.value
  const [judge] = useState(createJudge)
  const all = useMemo(
    () => judge(list, Math.max(judgedAt.value, now.peek()), counts),
    [judge, list, judgedAt.value, counts],
  )
  const asked = listPartOf(query)
  const wishes = useMemo(() => readWishes(new URLSearchParams(asked)), [asked])
  const listing = useMemo(() => listAccounts(all, wishes), [all, wishes])
  const [selection, setSelection] = useState(nothingSelected)
  const [cursor, setCursor] = useState<string>()
  const { entries } = listing
  const latestEntries = useRef(entries)
  latestEntries.current = entries
  const chosen = useMemo(() => list.filter(({ id }) => selection.ids.has(id)), [list, selection])
  const deeds = useMemo<ListDeeds>(() => {
    const idsInOrder = () => latestEntries.current.map(({ account }) => account.id)
    return {
      onToggle: (id, isRange) =>
        setSelection((known) => toggle(known, id, { isRange, order: isRange ? idsInOrder() : [] })),
      onToggleAll: () => setSelection((known) => toggleAll(known, idsInOrder())),
      onOpen: (id) => changeQuery({ account: id }, { replaces: false }),
    }
  }, [])

  function onStep(by: -1 | 1): void {
    const at = entries.findIndex(({ account }) => account.id === query.get('account'))
    const next = entries[at + by]?.account.id
    if (next === undefined) return
    setCursor(next)
    changeQuery({ account: next })
  }
  const view: ListView = { entries, wishes, selection, cursor, deeds }
  useAccountKeys({ view, onCursor: setCursor })

  return (
    <>
      <RunNotes />
      {list.length === 0 ? (
        <AccountsEmpty />
      ) : (
        <>
          <AccountsTools all={all} listing={listing} wishes={wishes} hasColumns={!isNarrow} />
          {chosen.length > 0 && <BulkBar chosen={chosen} onClear={() => setSelection(nothingSelected)} />}
          <Rows view={view} sort={wishes.sort} isNarrow={isNarrow} />
        </>
      )}
      <RowSheets all={list} />
      <AccountsDialogs all={list} onStep={onStep} />
      <DeleteDialog onDeleted={() => setSelection(nothingSelected)} />
    </>
  )
}

function Rows({ view, sort, isNarrow }: { view: ListView; sort: Sort | undefined; isNarrow: boolean }) {
  if (view.entries.length === 0) return <NoMatch />
  return isNarrow ? <AccountsCards view={view} /> : <AccountsTable view={view} sort={sort} />
}

function useIsNarrow(): boolean {
  const [narrow] = useState(() => signal(window.matchMedia(NARROW).matches))
  useEffect(() => {
    const media = window.matchMedia(NARROW)
    const look = () => (narrow.value = media.matches)
    media.addEventListener('change', look)
    return () => media.removeEventListener('change', look)
  }, [narrow])
  return narrow.value
}
