/** What opens from the rows of the list: one menu and one sheet for all of them, as elements of each row would slow scrolling. */
import { signal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { TargetedMouseEvent } from 'preact'
import type { Account } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { MenuList, place } from '../../parts/menu.tsx'
import { shownName } from './account-deeds.ts'
import { menuItemsFor } from './account-menu.ts'
import { AccountState } from './account-state.tsx'
import { messages } from './messages.ts'

export type SheetKind = 'menu' | 'state'

interface Opened {
  kind: SheetKind
  /** Of the account. */
  id: string
  button: HTMLButtonElement
}

/** Stays when it closes, until another one opens; `openSheet` is what is open. */
const chosen = signal<Opened | undefined>(undefined)
const openSheet = signal<Opened | undefined>(undefined)

const sheetIds = { menu: 'row-menu', state: 'row-state' } as const

/** Which of its sheets is open, for the row to say. To be called while a component renders. */
export function openSheetOf(id: string): SheetKind | undefined {
  return openSheet.value?.id === id ? openSheet.value.kind : undefined
}

/** For the button of a row: the browser opens and closes, and brings back the focus. */
export function opensSheet(kind: SheetKind, id: string) {
  return {
    popovertarget: sheetIds[kind],
    onClick(event: TargetedMouseEvent<HTMLButtonElement>) {
      const button = event.currentTarget
      // To the browser all these buttons are those of the one sheet: another row's would close it.
      const isOfAnother = openSheet.peek()?.kind === kind && openSheet.peek()?.id !== id
      if (isOfAnother && button.popoverTargetElement instanceof HTMLElement)
        button.popoverTargetElement.hidePopover()
      chosen.value = { kind, id, button }
    },
  }
}

export function RowSheets({ all }: { all: readonly Account[] }) {
  const text = speak(messages)
  const { value } = chosen
  const account = value && all.find(({ id }) => id === value.id)
  const name = account === undefined ? '' : shownName(account)
  const menuButton = useRef<HTMLElement | null>(null)
  menuButton.current = value?.button ?? null
  return (
    <>
      <MenuList
        id={sheetIds.menu}
        label={text('actionsOf', { name })}
        button={menuButton}
        items={openSheet.value?.kind === 'menu' && account !== undefined ? menuItemsFor(account) : []}
        onOpenChange={(isOpen) => noteOpen('menu', isOpen)}
      />
      <StateSheet account={account} label={text('stateOf', { name })} />
    </>
  )
}

function StateSheet({ account, label }: { account: Account | undefined; label: string }) {
  const sheet = useRef<HTMLDivElement>(null)
  const opened = openSheet.value?.kind === 'state' ? openSheet.value : undefined
  return (
    <div
      ref={sheet}
      id={sheetIds.state}
      popover="auto"
      class="menu state-sheet"
      role="dialog"
      aria-label={label}
      onBeforeToggle={(event) => {
        if (event.newState === 'open') noteOpen('state', true)
      }}
      onToggle={(event) => {
        if (event.newState !== 'open') noteOpen('state', false)
        else place(opened?.button ?? null, sheet.current, { isAtStart: true })
      }}
    >
      {opened !== undefined && account !== undefined && <AccountState account={account} />}
    </div>
  )
}

function noteOpen(kind: SheetKind, isOpen: boolean): void {
  if (isOpen) openSheet.value = chosen.peek()
  else if (openSheet.peek()?.kind === kind) openSheet.value = undefined
}
