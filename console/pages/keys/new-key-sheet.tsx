import { useId, useState } from 'preact/hooks'
import type { NewKey } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { formMessages } from './form-messages.ts'
import { writeSnippets, type Snippet } from './snippets.ts'

const USUAL_MODEL = 'claude-sonnet-4.5'
const snippetNames = { curl: 'curl', 'claude-code': 'claudeCode', 'openai-python': 'openaiPython' } as const

/** The one moment at which a key is on the screen; nothing of the page keeps it. */
export function NewKeySheet({ made, onClose }: { made: NewKey; onClose: () => void }) {
  const text = speak(formMessages)
  const inputId = useId()
  const [isWarned, setWarned] = useState(false)
  const model = made.models?.[0] ?? USUAL_MODEL
  const snippets = writeSnippets({ origin: window.location.origin, key: made.key, model })
  return (
    <Dialog
      look="wide"
      title={text('newTitle')}
      // A slip of the hand must not cost the key.
      onClose={() => (isWarned ? onClose() : setWarned(true))}
      footer={
        <Button look="primary" icon="check" onClick={onClose}>
          {text('stored')}
        </Button>
      }
    >
      <div class="form">
        <p class="new-key-once">{text('onlyOnce')}</p>
        <div class="field">
          <label for={inputId}>{text('newKey')}</label>
          <div class="new-key">
            <input
              id={inputId}
              class="mono"
              type="text"
              readOnly
              autocomplete="off"
              spellcheck={false}
              value={made.key}
              onFocus={(event) => event.currentTarget.select()}
            />
            <CopyButton text={made.key} label={text('copyKey')} />
          </div>
        </div>
        {isWarned && (
          <p class="field-error" role="alert">
            {text('notYet')}
          </p>
        )}
        <h3>{text('useIt')}</h3>
        {snippets.map((snippet) => (
          <SnippetPart key={snippet.name} snippet={snippet} />
        ))}
      </div>
    </Dialog>
  )
}

function SnippetPart({ snippet }: { snippet: Snippet }) {
  const text = speak(formMessages)
  const name = text(snippetNames[snippet.name])
  return (
    <section class="snippet">
      <div class="actions spread">
        <h3>{name}</h3>
        <CopyButton text={snippet.text} />
      </div>
      <pre tabIndex={0} aria-label={name}>
        {snippet.text}
      </pre>
    </section>
  )
}
