import { useRef, useState } from 'preact/hooks'
import type { TargetedEvent, TargetedKeyboardEvent } from 'preact'
import { speak } from '../../../i18n/messages.ts'
import { Button, IconButton } from '../../../parts/button.tsx'
import { Switch } from '../../../parts/field.tsx'
import {
  addPictures,
  roomFor,
  takePictures,
  withoutPicture,
  type TakenPictures,
} from '../images/take-pictures.ts'
import { messages } from '../messages.ts'
import { canAsk, isAnswering, sayToAll, stopAll } from '../talk/playground-state.ts'
import { ModelNote } from './model-note.tsx'
import { PictureStrip } from './picture-strip.tsx'
import { RefusedPictures } from './refused-pictures.tsx'

/** The code of keys that an input method has taken. */
const COMPOSING = 229

const NONE: TakenPictures = { pictures: [], refused: [] }

/** Where the next message is written, with its pictures. */
export function Composer() {
  const text = speak(messages)
  const [typed, setTyped] = useState('')
  const [{ pictures, refused }, setTaken] = useState<TakenPictures>(NONE)
  const [shrinks, setShrinks] = useState(true)
  /** How often files are being read: what they are for waits for them. */
  const [reading, setReading] = useState(0)
  const picker = useRef<HTMLInputElement>(null)
  const isEmpty = typed.trim() === '' && pictures.length === 0

  async function take(files: readonly File[]): Promise<void> {
    setReading((count) => count + 1)
    // What is said of others that are being read stays.
    if (reading === 0) setTaken((known) => ({ ...known, refused: [] }))
    const taken = await takePictures(files, { room: roomFor(pictures), shrinks })
    setTaken((known) => addPictures(known, taken))
    setReading((count) => count - 1)
  }
  function send(): void {
    if (isEmpty || reading > 0 || isAnswering.value) return
    if (!sayToAll({ role: 'user', text: typed, pictures })) return
    setTyped('')
    setTaken(NONE)
  }
  function onKeyDown(event: TargetedKeyboardEvent<HTMLTextAreaElement>): void {
    // Enter ends a choice of Chinese characters first; in Safari that has ended by now, and the code alone tells of it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === COMPOSING) return
    event.preventDefault()
    send()
  }
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => takeFrom(event, event.dataTransfer, take)}
      onPaste={(event) => takeFrom(event, event.clipboardData, take)}
    >
      <PictureStrip
        pictures={pictures}
        onRemove={(gone) => setTaken((known) => withoutPicture(known, gone))}
      />
      <RefusedPictures refused={refused} />
      <textarea
        rows={3}
        aria-label={text('say')}
        placeholder={text('sayHint')}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div class="actions spread">
        <div class="actions">
          <IconButton icon="picture" label={text('attach')} onClick={() => picker.current?.click()} />
          <input
            ref={picker}
            type="file"
            hidden
            multiple
            accept="image/png,image/jpeg,image/gif,image/webp"
            onChange={(event) => {
              void take([...(event.currentTarget.files ?? [])])
              event.currentTarget.value = ''
            }}
          />
          <Switch label={text('shrink')} isOn={shrinks} onToggle={setShrinks} />
        </div>
        <SendButton isDisabled={isEmpty || reading > 0 || !canAsk.value} />
      </div>
      <ModelNote />
    </form>
  )
}

/** While an answer comes, it stops that. */
function SendButton({ isDisabled }: { isDisabled: boolean }) {
  const text = speak(messages)
  if (isAnswering.value) {
    return (
      <Button key="stop" look="danger" icon="pause" onClick={stopAll}>
        {text('stop')}
      </Button>
    )
  }
  return (
    <Button key="send" type="submit" look="primary" icon="up" aria-disabled={isDisabled}>
      {text('send')}
    </Button>
  )
}

/** Text stays the browser's own business. */
function takeFrom(
  event: TargetedEvent<HTMLElement>,
  data: DataTransfer | null,
  take: (files: readonly File[]) => Promise<void>,
): void {
  const files = [...(data?.files ?? [])]
  if (files.length === 0) return
  event.preventDefault()
  void take(files)
}
