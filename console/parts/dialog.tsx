import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { defineMessages, speak } from '../i18n/messages.ts'
import { IconButton } from './button.tsx'

const messages = defineMessages({ close: 'Close' }, { close: '关闭' })

interface DialogProps {
  title: string
  /** `drawer`: at the right edge, full screen on a phone; `sheet`: at the lower edge, where the thumb is. */
  look?: 'dialog' | 'drawer' | 'wide' | 'sheet'
  /** By the button, Escape, or a click beside it. */
  onClose: () => void
  /** Beside the title. */
  tools?: ComponentChildren
  /** Stays in view while the rest scrolls. */
  footer?: ComponentChildren
  children: ComponentChildren
}

/** The browser's own dialog: it keeps the focus inside and gives it back. Open as long as it is rendered. */
export function Dialog({ title, look = 'dialog', onClose, tools, footer, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const text = speak(messages)

  useEffect(() => {
    const dialog = element.current
    const before = document.activeElement
    dialog?.showModal()
    return () => {
      dialog?.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])

  return (
    <dialog
      ref={element}
      class={`dialog ${look}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={(event) => {
        if (event.target === element.current) onClose()
      }}
    >
      <div class="dialog-sheet">
        <header class="dialog-head">
          <h2 id={titleId}>{title}</h2>
          {tools}
          <IconButton icon="close" label={text('close')} onClick={onClose} />
        </header>
        <div class="dialog-body">{children}</div>
        {footer !== undefined && <footer class="dialog-foot">{footer}</footer>}
      </div>
    </dialog>
  )
}
