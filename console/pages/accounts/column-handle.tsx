import { useRef } from 'preact/hooks'
import type { TargetedKeyboardEvent, TargetedPointerEvent } from 'preact'
import { speak } from '../../i18n/messages.ts'
import { NARROWEST, setWidth, storeWidths, WIDEST, widthAfterKey, type SizedColumn } from './column-widths.ts'
import { messages } from './messages.ts'

interface ColumnHandleProps {
  column: SizedColumn
  title: string
  /** Undefined: it is what the other columns leave. */
  width: number | undefined
}

/** The end of a column's head: drawn, or moved by keys, it makes the column wider; pressed twice, as it was at first. */
export function ColumnHandle({ column, title, width }: ColumnHandleProps) {
  const text = speak(messages)
  const from = useRef<{ x: number; width: number } | undefined>(undefined)
  const widthOf = (handle: HTMLElement) => width ?? handle.closest('th')?.offsetWidth ?? NARROWEST

  function onPointerDown(event: TargetedPointerEvent<HTMLSpanElement>): void {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    from.current = { x: event.clientX, width: widthOf(event.currentTarget) }
  }
  function onPointerMove(event: TargetedPointerEvent<HTMLSpanElement>): void {
    const start = from.current
    if (start !== undefined && event.clientX !== start.x)
      setWidth(column, start.width + event.clientX - start.x)
  }
  function onPointerEnd(): void {
    from.current = undefined
    storeWidths()
  }
  function onKeyDown(event: TargetedKeyboardEvent<HTMLSpanElement>): void {
    const next = widthAfterKey(widthOf(event.currentTarget), event)
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    setWidth(column, next)
    storeWidths()
  }
  return (
    <span
      class="column-handle"
      role="separator"
      aria-orientation="vertical"
      aria-label={text('widthOf', { column: title })}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      aria-valuenow={width ?? NARROWEST}
      aria-valuetext={width === undefined ? text('widthRest') : undefined}
      title={text('widthHint')}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerEnd}
      onPointerCancel={onPointerEnd}
      onDblClick={() => {
        setWidth(column, undefined)
        storeWidths()
      }}
      onKeyDown={onKeyDown}
    />
  )
}
