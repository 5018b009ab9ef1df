/** The keys of the list. They are off while somebody types, and behind an open dialog. */
import { useEffect, useRef } from 'preact/hooks'
import type { Account } from '../../api/types.ts'
import { isTyping } from '../../shell/shortcuts.ts'
import { changeQuery } from '../../state/route.ts'
import { preferences } from '../../state/settings.ts'
import { doDeed, setEnabled } from './account-deeds.ts'
import type { ListView } from './list-view.ts'

interface Keyed {
  view: ListView
  onCursor: (id: string) => void
}

export function useAccountKeys(keyed: Keyed): void {
  const latest = useRef(keyed)
  latest.current = keyed
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isOurs = !(event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented)
      if (!preferences.value.shortcuts || !isOurs || isTyping(event)) return
      if (press(event, latest.current)) event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}

/** Answers whether the key means something here. */
function press(event: KeyboardEvent, { view, onCursor }: Keyed): boolean {
  if (document.querySelector('dialog[open], .menu:popover-open') !== null) return false
  const at = view.entries.findIndex(({ account }) => account.id === view.cursor)
  const account = view.entries[at]?.account
  if (event.key === 'j' || event.key === 'k') {
    const next = Math.max(0, Math.min(view.entries.length - 1, at + (event.key === 'j' ? 1 : -1)))
    const target = view.entries[next]?.account.id
    if (target !== undefined) onCursor(target)
    return target !== undefined
  }
  if (event.key === 'n') {
    changeQuery({ add: '1' })
    return true
  }
  return account !== undefined && pressOn(account, { event, view })
}

function pressOn(account: Account, { event, view }: { event: KeyboardEvent; view: ListView }): boolean {
  switch (event.key) {
    case 'x':
    case 'X':
      view.deeds.onToggle(account.id, event.shiftKey)
      return true
    case 'Enter':
      // What has the focus has the key.
      if (event.target instanceof HTMLElement && event.target.closest('a, button, summary') !== null)
        return false
      view.deeds.onOpen(account.id)
      return true
    case 'e':
      void setEnabled(account, !account.enabled)
      return true
    case 't':
      doDeed('test', account)
      return true
    case 'f':
      doDeed('refreshToken', account)
      return true
    default:
      return false
  }
}
