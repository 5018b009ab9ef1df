import { useId, useRef, useState } from 'preact/hooks'
import type { RefObject, TargetedKeyboardEvent, TargetedToggleEvent } from 'preact'
import { Icon, type IconName } from './icon.tsx'

export interface MenuItem {
  label: string
  icon?: IconName
  isDanger?: boolean
  /** Why it cannot be done now. */
  disabledBecause?: string | undefined
  onChoose: () => void
}

interface MenuProps {
  /** Of the button that opens it. */
  label: string
  icon?: IconName
  /** A function is asked when the menu opens: long lists have a menu in each row. */
  items: readonly MenuItem[] | (() => readonly MenuItem[])
}

/** A button that opens a list of deeds, in the browser's own popover. */
export function Menu({ label, icon = 'more', items }: MenuProps) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setOpen] = useState(false)
  const shown = typeof items !== 'function' ? items : isOpen ? items() : []
  return (
    <>
      <button
        type="button"
        ref={button}
        class="icon-button"
        popovertarget={id}
        aria-haspopup="menu"
        aria-label={label}
        title={label}
      >
        <Icon name={icon} />
      </button>
      <MenuList id={id} label={label} button={button} items={shown} onOpenChange={setOpen} />
    </>
  )
}

interface MenuListProps {
  id: string
  label: string
  /** Where it opens. */
  button: RefObject<HTMLElement | null>
  items: readonly MenuItem[]
  onOpenChange: (isOpen: boolean) => void
}

/** What opens, for whichever button names its id. */
export function MenuList({ id, label, button, items, onOpenChange }: MenuListProps) {
  const list = useRef<HTMLDivElement>(null)

  function onToggle(event: TargetedToggleEvent<HTMLElement>): void {
    if (event.newState !== 'open') {
      // Not before: the browser takes the focus back from what is in it.
      onOpenChange(false)
      return
    }
    place(button.current, list.current)
    itemsOf(list.current)[0]?.focus()
  }

  return (
    <div
      ref={list}
      id={id}
      popover="auto"
      class="menu"
      role="menu"
      aria-label={label}
      onBeforeToggle={(event) => {
        if (event.newState === 'open') onOpenChange(true)
      }}
      onToggle={onToggle}
      onKeyDown={moveFocus}
    >
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          class={item.isDanger === true ? 'menu-item danger' : 'menu-item'}
          aria-disabled={item.disabledBecause !== undefined}
          title={item.disabledBecause}
          onClick={() => {
            if (item.disabledBecause !== undefined) return
            list.current?.hidePopover()
            item.onChoose()
          }}
        >
          {item.icon !== undefined && <Icon name={item.icon} />}
          {item.label}
        </button>
      ))}
    </div>
  )
}

function itemsOf(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
}

function moveFocus(event: TargetedKeyboardEvent<HTMLElement>): void {
  const items = itemsOf(event.currentTarget)
  const at = items.findIndex((item) => item === document.activeElement)
  const next = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key]
  if (next === undefined) return
  event.preventDefault()
  items[next]?.focus()
}

const EDGE = 8

/** Puts what has opened below its button, or above it where the window ends. */
export function place(
  button: HTMLElement | null,
  list: HTMLElement | null,
  { isAtStart = false } = {},
): void {
  if (button === null || list === null) return
  const from = button.getBoundingClientRect()
  const { width, height } = list.getBoundingClientRect()
  const left = Math.max(
    EDGE,
    Math.min(isAtStart ? from.left : from.right - width, window.innerWidth - width - EDGE),
  )
  const below = from.bottom + 4
  const top = below + height > window.innerHeight - EDGE ? Math.max(EDGE, from.top - height - 4) : below
  list.style.left = `${left}px`
  list.style.top = `${top}px`
}
