import type { Settings } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Failed } from '../../parts/states.tsx'
import { useSubmit } from '../../parts/use-submit.ts'
import { messages } from './messages.ts'
import { saveSettings } from './settings-store.ts'

/** What an earlier or later version has left: it does nothing, and can be taken away. */
export function UnknownSettings({ view }: { view: Settings }) {
  const text = speak(messages)
  const { error, isBusy, onSubmit } = useSubmit(() =>
    saveSettings(view.revision, Object.fromEntries(view.unknown.map(({ name }) => [name, null]))),
  )
  return (
    <form class="settings-card" onSubmit={onSubmit}>
      <h2>{text('unknownTitle')}</h2>
      {error !== undefined && <Failed error={error} />}
      <ul>
        {view.unknown.map(({ name }) => (
          <li key={name}>
            <code class="break">{name}</code>
          </li>
        ))}
      </ul>
      <div class="actions">
        <Button type="submit" isBusy={isBusy}>
          {text('takeAway')}
        </Button>
      </div>
    </form>
  )
}
