/** Keys that work on every page. Single letters are off while somebody types, and can be switched off. */
import { addressOf, goTo } from '../state/route.ts'
import { changePreferences, preferences } from '../state/settings.ts'
import { openPalette } from './command-palette.tsx'
import { pages } from './pages.ts'
import { openShortcutSheet } from './shortcut-sheet.tsx'

/** So long after `g` the next letter names a page. */
const CHORD_MS = 1500

/** Answers how to stop. */
export function followShortcuts(): () => void {
  /** Undefined: `g` was not the last key. Times count from when the page was opened, so nought would be a moment ago. */
  let goAt: number | undefined

  function onKey(event: KeyboardEvent): void {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      openPalette()
      return
    }
    if (!preferences.value.shortcuts || event.metaKey || event.ctrlKey || event.altKey || isTyping(event))
      return
    if (event.shiftKey && event.key.toLowerCase() === 'p') {
      changePreferences({ privacy: !preferences.value.privacy })
    } else if (event.key === '?') openShortcutSheet()
    // What lies below a dialog has to wait: going elsewhere would take the dialog away, and a new key with it.
    else if (document.querySelector('dialog[open]') !== null) return
    else if (event.key === 'g') goAt = event.timeStamp
    else if (event.key === '/') focusSearch(event)
    else if (goAt !== undefined && event.timeStamp - goAt < CHORD_MS) {
      const page = pages.find(({ key }) => key === event.key)
      goAt = undefined
      // The page's own keys pass over it.
      event.preventDefault()
      if (page !== undefined) goTo(addressOf(page.path))
    }
  }
  document.addEventListener('keydown', onKey, { capture: true })
  return () => document.removeEventListener('keydown', onKey, { capture: true })
}

export function isTyping({ target }: Event): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

function focusSearch(event: KeyboardEvent): void {
  const search = document.querySelector<HTMLInputElement>('input[type=search]')
  if (search === null) return
  event.preventDefault()
  search.focus()
}
