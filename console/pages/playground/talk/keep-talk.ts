/** What was said, kept in this browser where somebody wants that; else it goes with the page. */
import { effect, signal, untracked } from '@preact/signals'
import { forgetTalk, readTalk, storeTalk, STORED_AS } from '../../../state/kept-talk.ts'
import { session } from '../../../state/session.ts'
import { isDialectName } from '../dialects.ts'
import { isObject, listAt, memberOf, parseJson, textAt, type Json } from '../json.ts'
import { NO_WISHES } from '../request/turns.ts'
import { aims, beginAnew, changeWishes, lanes, stopAll, toolsText, wishes } from './playground-state.ts'
import type { Tree } from './tree.ts'

/** Of the shape of what is stored: another one is not read. */
const VERSION = 1

export const isKept = signal(false)
/** The browser has no room for it. */
export const keepFailed = signal(false)

interface Stored {
  version: typeof VERSION
  wishes: typeof wishes.value
  first: typeof aims.value.first
  tree: Tree
}

let isRead = false

/** As long as the page is shown. Answers how to stop. */
export function followKeeping(): () => void {
  if (!isRead) {
    restore()
    // For good: whoever comes next at this browser need not see it.
    effect(forgetWhenSignedOut)
    window.addEventListener('storage', forgetWithOthers)
  }
  isRead = true
  return effect(() => {
    const stored: Stored = {
      version: VERSION,
      wishes: wishes.value,
      first: aims.value.first,
      tree: lanes.first.tree.value,
    }
    if (isKept.value) store(stored)
  })
}

function forgetWhenSignedOut(): void {
  const { value } = session
  if (value.kind !== 'signed-out' || value.hasEnded) return
  untracked(() => {
    stopAll()
    beginAnew()
    wishes.value = NO_WISHES
    toolsText.value = ''
    keep(false)
  })
}

/** Whoever signs out, or wants nothing kept, in another tab means what this one keeps as well. */
function forgetWithOthers({ key, newValue }: StorageEvent): void {
  if ((key === STORED_AS || key === null) && newValue === null && isKept.value) keep(false)
}

export function keep(isOn: boolean): void {
  isKept.value = isOn
  keepFailed.value = false
  if (!isOn) forgetTalk()
}

function store(stored: Stored): void {
  try {
    storeTalk(JSON.stringify(stored))
    keepFailed.value = false
  } catch {
    forgetTalk()
    keepFailed.value = true
  }
}

function restore(): void {
  const text = readTalk()
  const value = parseJson(text)
  if (!isStored(value)) return
  const stored: Stored = JSON.parse(text)
  isKept.value = true
  changeWishes({ ...NO_WISHES, ...stored.wishes })
  aims.value = { ...aims.value, first: stored.first }
  lanes.first.show(stored.tree)
}

/** As far as it has to be so for the page to show it. */
function isStored(value: Json | undefined): boolean {
  const turns = listAt(value, 'tree', 'nodes').map((node) => memberOf(node, 'turn'))
  return (
    memberOf(value, 'version') === VERSION &&
    isDialectName(textAt(value, 'wishes', 'dialect')) &&
    textAt(value, 'first', 'model') !== undefined &&
    turns.every((turn) => {
      const role = textAt(turn, 'role')
      if (role === 'assistant')
        return listIsThere(turn, 'answer', 'parts') && isObject(memberOf(turn, 'facts'))
      if (role === 'results') return listIsThere(turn, 'results')
      return role === 'user' ? listIsThere(turn, 'pictures') : role === 'raw'
    })
  )
}

function listIsThere(value: Json | undefined, ...path: readonly string[]): boolean {
  return Array.isArray(memberOf(value, ...path))
}
