import type { ComponentChildren, TargetedDragEvent } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Field } from '../../../parts/field.tsx'
import { messages } from './messages.ts'
import type { Readable } from './import-dialog.tsx'
import { MOST_BYTES, readImport } from './read-import.ts'

interface ImportSourceProps {
  onRead: (source: Readable) => void
  onClose: () => void
}

const whys = {
  empty: 'whyEmpty',
  'too-large': 'whyTooLarge',
  'too-many': 'whyTooMany',
  'no-json': 'whyNoJson',
  'no-accounts': 'whyNoAccounts',
  newer: 'whyNewer',
  'unread-file': 'whyUnreadFile',
} as const

export function ImportSource({ onRead, onClose }: ImportSourceProps) {
  const text = speak(messages)
  const [why, setWhy] = useState<keyof typeof whys>()
  const [typed, setTyped] = useState('')

  function take(handedIn: string): void {
    const read = readImport(handedIn)
    if (read.kind === 'unreadable') setWhy(read.why)
    else onRead(read)
  }
  async function takeFile(file: File): Promise<void> {
    if (file.size > MOST_BYTES) return setWhy('too-large')
    await file.text().then(take, () => setWhy('unread-file'))
  }
  return (
    <Dialog
      title={text('importTitle')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{text('cancel')}</Button>
          {typed !== '' && (
            <Button look="primary" onClick={() => take(typed)}>
              {text('readTyped')}
            </Button>
          )}
        </>
      }
    >
      <DropZone onText={take} onFile={(file) => void takeFile(file)}>
        <Field
          label={text('paste')}
          hint={text('importHint')}
          error={why === undefined ? undefined : text(whys[why])}
          control={(ties) => (
            <textarea
              {...ties}
              rows={5}
              autofocus
              class="mono"
              spellcheck={false}
              autocomplete="off"
              placeholder={text('pastePlaceholder')}
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
              onPaste={(event) => {
                // Taken as it is: tokens need not be seen.
                event.preventDefault()
                take(event.clipboardData?.getData('text/plain') ?? '')
              }}
            />
          )}
        />
        <FilePicker onFile={(file) => void takeFile(file)} />
      </DropZone>
    </Dialog>
  )
}

interface DropZoneProps {
  onText: (text: string) => void
  onFile: (file: File) => void
  children: ComponentChildren
}

function DropZone({ onText, onFile, children }: DropZoneProps) {
  const [isOver, setOver] = useState(false)

  function drop(event: TargetedDragEvent<HTMLElement>): void {
    event.preventDefault()
    setOver(false)
    const file = event.dataTransfer?.files[0]
    if (file === undefined) onText(event.dataTransfer?.getData('text/plain') ?? '')
    else onFile(file)
  }
  return (
    <div
      class={isOver ? 'import-drop over' : 'import-drop'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {children}
    </div>
  )
}

function FilePicker({ onFile }: Pick<DropZoneProps, 'onFile'>) {
  const text = speak(messages)
  const picker = useRef<HTMLInputElement>(null)
  return (
    <div class="actions">
      <input
        ref={picker}
        type="file"
        hidden
        accept=".json,application/json"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          if (file !== undefined) onFile(file)
          event.currentTarget.value = ''
        }}
      />
      <Button icon="upload" onClick={() => picker.current?.click()}>
        {text('chooseFile')}
      </Button>
    </div>
  )
}
