import { useEffect, useState } from 'preact/hooks'
import { speak } from '../../i18n/messages.ts'
import { Failed } from '../../parts/states.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { followAccounts } from '../accounts/accounts-store.ts'
import { messages } from './messages.ts'
import { writeRequest, type WrittenRequest } from './request/write-request.ts'
import { followAddress } from './talk/follow-address.ts'
import { followKeeping } from './talk/keep-talk.ts'
import { isAnswering, lanes, models, stopAll, wishesOfFirst } from './talk/playground-state.ts'
import { askedTurns } from './talk/tree.ts'
import { Announcer } from './view/announcer.tsx'
import { Chat } from './view/chat.tsx'
import { CodeView } from './view/code-view.tsx'
import { RawView } from './view/raw-view.tsx'
import { ReplayNote } from './view/replay-note.tsx'
import { SettingsColumn } from './view/settings-column.tsx'

type ViewName = 'chat' | 'raw' | 'code'

/** Asks a model through the gateway, as a client would, and shows what comes back. */
export function PlaygroundPage() {
  const text = speak(messages)
  const [view, setView] = useState<ViewName>('chat')
  const [replayed, setReplayed] = useState<WrittenRequest>()
  useEffect(followAccounts, [])
  const [isReady, setReady] = useState(false)
  useEffect(() => {
    // What the address says goes before what was kept.
    const stops = [followKeeping(), followAddress()]
    setReady(true)
    return () => stops.forEach((stop) => stop())
  }, [])
  useEffect(() => void models.load(), [])
  useEffect(followEscape, [])
  const { error, value } = models.state.value
  const tree = lanes.first.tree.value
  const request = replayed ?? writeRequest(wishesOfFirst.value, askedTurns(tree))

  if (!isReady) return null
  return (
    <div class="playground">
      <details class="card playground-settings" open={window.innerWidth > 900}>
        <summary>{text('settings')}</summary>
        {error !== undefined && value === undefined && (
          <Failed error={error} onRetry={() => void models.load()} />
        )}
        <SettingsColumn />
      </details>
      <div class="card playground-talk">
        <ReplayNote
          onReady={(ready) => {
            setReplayed(ready)
            setView('raw')
          }}
        />
        <Announcer />
        <Tabs
          label={text('views')}
          tabs={[
            { name: 'chat', label: text('viewChat') },
            { name: 'raw', label: text('viewRaw') },
            { name: 'code', label: text('viewCode') },
          ]}
          chosen={view}
          onChoose={setView}
        >
          {view === 'chat' && <Chat />}
          {view === 'raw' && (
            <RawView
              request={request}
              onSent={() => {
                setReplayed(undefined)
                setView('chat')
              }}
            />
          )}
          {view === 'code' && <CodeView request={request} />}
        </Tabs>
      </div>
    </div>
  )
}

/** Stops what is coming; what lies above the page takes the key first. */
function followEscape(): () => void {
  document.addEventListener('keydown', stopByEscape)
  return () => document.removeEventListener('keydown', stopByEscape)
}

function stopByEscape(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || event.defaultPrevented || !isAnswering.value) return
  if (document.querySelector('dialog[open], [popover]:popover-open') === null) stopAll()
}
