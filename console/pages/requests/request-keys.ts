/** The keys of the list. They are off while somebody types, and behind an open dialog. */
import { useEffect, useRef } from 'preact/hooks'
import type { KeptCall } from '../../api/types.ts'
import { isTyping } from '../../shell/shortcuts.ts'
import { changeQuery } from '../../state/route.ts'
import { preferences } from '../../state/settings.ts'

interface Keyed {
  calls: readonly KeptCall[]
  cursor: string | undefined
  onCursor: (id: string | undefined) => void
}

export function useRequestKeys(keyed: Keyed): void {
  const latest = useRef(keyed)
  latest.current = keyed
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isOurs = !(event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented)
      if (!preferences.value.shortcuts || !isOurs || isTyping(event)) return
      const onCursor = (id: string | undefined) => {
        // The next key may come before the page is drawn again.
        latest.current = { ...latest.current, cursor: id }
        latest.current.onCursor(id)
      }
      if (press(event, { ...latest.current, onCursor })) event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}

/** Answers whether the key means something here. */
function press({ key, target }: KeyboardEvent, { calls, cursor, onCursor }: Keyed): boolean {
  if (document.querySelector('dialog[open], .menu:popover-open') !== null) return false
  const at = calls.findIndex(({ id }) => id === cursor)
  switch (key) {
    case 'j':
    case 'k': {
      const next = calls[Math.max(0, Math.min(calls.length - 1, at + (key === 'j' ? 1 : -1)))]
      if (next !== undefined) onCursor(next.id)
      return next !== undefined
    }
    case 'Enter':
      // What has the focus has the key.
      if (
        at < 0 ||
        (target instanceof HTMLElement && target.closest('a, button, summary, [role=slider]') !== null)
      ) {
        return false
      }
      changeQuery({ request: cursor }, { replaces: false })
      return true
    case 'Escape':
      onCursor(undefined)
      return false
    default:
      return false
  }
}
