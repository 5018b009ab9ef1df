import { useId, useRef } from 'preact/hooks'
import { speak } from '../../i18n/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { place } from '../../parts/menu.tsx'
import { columnNames, shownColumns, toggleColumn } from './column-choice.ts'
import { messages } from './messages.ts'

export function ColumnPicker() {
  const text = speak(messages)
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const sheet = useRef<HTMLFieldSetElement>(null)
  return (
    <>
      <button
        type="button"
        ref={button}
        class="icon-button"
        popovertarget={id}
        aria-label={text('columns')}
        title={text('columns')}
      >
        <Icon name="columns" />
      </button>
      <fieldset
        ref={sheet}
        id={id}
        popover="auto"
        class="menu"
        onToggle={(event) => {
          if (event.newState === 'open') place(button.current, sheet.current)
        }}
      >
        <legend class="unseen">{text('columns')}</legend>
        {columnNames.map((name) => (
          <label key={name} class="menu-item">
            <input
              type="checkbox"
              checked={shownColumns.value.has(name)}
              onChange={() => toggleColumn(name)}
            />
            {text(name)}
          </label>
        ))}
      </fieldset>
    </>
  )
}
