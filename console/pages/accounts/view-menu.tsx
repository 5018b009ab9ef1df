import { useId, useRef, useState } from 'preact/hooks'
import { speak } from '../../i18n/messages.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/field.tsx'
import { Icon } from '../../parts/icon.tsx'
import { place } from '../../parts/menu.tsx'
import { SaveButtons } from '../../parts/save-buttons.tsx'
import { changeQuery, route } from '../../state/route.ts'
import {
  isSameView,
  LONGEST_NAME,
  queryOf,
  removeView,
  savedViews,
  saveView,
  viewOf,
  type SavedView,
} from './saved-views.ts'
import { messages } from './messages.ts'

/** The views that were saved, and the way to save this one. */
export function ViewMenu() {
  const text = speak(messages)
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const sheet = useRef<HTMLDivElement>(null)
  const [isSaving, setSaving] = useState(false)
  return (
    <>
      <button
        type="button"
        ref={button}
        class="icon-button"
        popovertarget={id}
        aria-label={text('views')}
        title={text('views')}
      >
        <Icon name="filter" />
      </button>
      <div
        ref={sheet}
        id={id}
        popover="auto"
        class="menu"
        role="group"
        aria-label={text('views')}
        onToggle={(event) => {
          if (event.newState === 'open') place(button.current, sheet.current)
        }}
      >
        {savedViews.value.length === 0 && <p class="hint menu-item">{text('noViews')}</p>}
        {savedViews.value.map((view) => (
          <ViewItem key={view.name} view={view} onChosen={() => sheet.current?.hidePopover()} />
        ))}
        <Button
          look="quiet"
          icon="add"
          onClick={() => {
            sheet.current?.hidePopover()
            setSaving(true)
          }}
        >
          {text('saveView')}
        </Button>
      </div>
      {isSaving && <SaveViewDialog onClose={() => setSaving(false)} />}
    </>
  )
}

function ViewItem({ view, onChosen }: { view: SavedView; onChosen: () => void }) {
  const text = speak(messages)
  const isOn = isSameView(view.query, viewOf(route.value.query))
  return (
    <div class="actions spread">
      <button
        type="button"
        class="menu-item"
        aria-pressed={isOn}
        onClick={() => {
          changeQuery(queryOf(view))
          onChosen()
        }}
      >
        {isOn && <Icon name="check" />}
        <bdi>{view.name}</bdi>
      </button>
      <IconButton
        icon="close"
        label={text('removeView', { name: view.name })}
        onClick={() => removeView(view.name)}
      />
    </div>
  )
}

function SaveViewDialog({ onClose }: { onClose: () => void }) {
  const text = speak(messages)
  const formId = useId()
  const [name, setName] = useState('')
  return (
    <Dialog
      title={text('saveView')}
      onClose={onClose}
      footer={
        <SaveButtons
          formId={formId}
          cancel={text('cancel')}
          save={text('save')}
          isBusy={false}
          isDisabled={name.trim() === ''}
          onCancel={onClose}
        />
      }
    >
      <form
        id={formId}
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() === '') return
          saveView({ name: name.trim(), query: viewOf(route.value.query) })
          onClose()
        }}
      >
        <TextField
          label={text('viewName')}
          hint={text('viewHint')}
          autofocus
          autocomplete="off"
          maxLength={LONGEST_NAME}
          value={name}
          onText={setName}
        />
      </form>
    </Dialog>
  )
}
