import { useEffect, useState } from 'preact/hooks'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Empty, Failed } from '../../parts/states.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { followAccounts } from '../accounts/accounts-store.ts'
import { messages } from './messages.ts'
import type { WrittenRequest } from './request/write-request.ts'
import { writeRequest } from './request/write-request.ts'
import { followAddress } from './talk/follow-address.ts'
import { followKeeping } from './talk/keep-talk.ts'
import {
  beginAnew,
  isAnswering,
  lanes,
  modelOf,
  models,
  sayToAll,
  shownLanes,
  stopAll,
  wishesOfFirst,
} from './talk/playground-state.ts'
import { askedTurns, pathTo } from './talk/tree.ts'
import { Announcer } from './view/announcer.tsx'
import { CodeView } from './view/code-view.tsx'
import { Composer } from './view/composer.tsx'
import { LaneView } from './view/lane-view.tsx'
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
  useEffect(followKeeping, [])
  useEffect(followAddress, [])
  useEffect(() => void models.load(), [])
  useEffect(followEscape, [])
  const { error, value } = models.state.value
  const tree = lanes.first.tree.value
  const request = replayed ?? writeRequest(wishesOfFirst.value, askedTurns(tree))

  return (
    <div class="playground">
      <details class="card playground-settings" open={window.innerWidth > 900}>
        <summary>{text('settings')}</summary>
        {error !== undefined && value === undefined && (
          <Failed error={error} onRetry={() => void models.load()} />
        )}
        {value?.length === 0 && <p class="hint">{text('noModels')}</p>}
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

function Chat() {
  const text = speak(messages)
  const names = shownLanes.value
  const isEmpty = names.every((name) => lanes[name].tree.value.leafId === undefined)
  return (
    <div class="chat">
      {isEmpty ? (
        <Beginning />
      ) : (
        <div class={names.length > 1 ? 'lanes two' : 'lanes'}>
          {names.map((name) => (
            <LaneView
              key={name}
              lane={lanes[name]}
              label={text(names.length < 2 ? 'viewChat' : name === 'first' ? 'lane1' : 'lane2')}
              title={names.length < 2 ? undefined : modelOf(name)}
            />
          ))}
        </div>
      )}
      <Composer />
      {!isEmpty && (
        <div class="actions">
          <Button look="quiet" icon="add" onClick={beginAnew}>
            {text('newChat')}
          </Button>
          <BranchHint />
        </div>
      )}
    </div>
  )
}

function BranchHint() {
  const text = speak(messages)
  const { value } = lanes.first.tree
  const isBranch = value.nodes.some(({ parentId }) => parentId === value.leafId && parentId !== undefined)
  return isBranch && pathTo(value, value.leafId).length > 0 ? (
    <span class="hint">{text('branched')}</span>
  ) : null
}

function Beginning() {
  const text = speak(messages)
  return (
    <Empty
      icon="playground"
      title={text('empty')}
      action={(['example1', 'example2', 'example3'] as const).map((example) => (
        <Button key={example} onClick={() => sayToAll({ role: 'user', text: text(example), pictures: [] })}>
          {text(example)}
        </Button>
      ))}
    >
      <p>{text('emptyWhy')}</p>
    </Empty>
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
