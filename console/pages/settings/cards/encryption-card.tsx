import { useState } from 'preact/hooks'
import { ask } from '../../../api/client.ts'
import type { KeyRotation, SystemView } from '../../../api/types.ts'
import { speak } from '../../../i18n/messages.ts'
import { Badge } from '../../../parts/badge.tsx'
import { Button } from '../../../parts/button.tsx'
import { Failed } from '../../../parts/states.tsx'
import { useSubmit } from '../../../parts/use-submit.ts'
import { showToast } from '../../../state/toasts.ts'
import { SystemCard } from './card.tsx'
import { messages } from './messages.ts'
import { system } from './system-store.ts'

const sources = { variable: 'fromVariable', file: 'fromFile', 'data-folder': 'fromDataFolder' } as const

/** The keys of secrets at rest, and how far a rotation has come. */
export function EncryptionCard() {
  const text = speak(messages)
  return (
    <SystemCard title={text('encryptionTitle')} isWatched={({ encryption }) => encryption.waiting > 0}>
      {({ encryption }) => (
        <>
          <Facts encryption={encryption} />
          <Rotation what="data" why={text('rotateDataWhy')} label={text('rotateData')} />
          <Rotation what="master" why={text('rotateMasterWhy')} label={text('rotateMaster')} />
        </>
      )}
    </SystemCard>
  )
}

function Facts({ encryption: { source, keyId, waiting } }: Pick<SystemView, 'encryption'>) {
  const text = speak(messages)
  return (
    <dl class="facts">
      <dt>{text('masterKey')}</dt>
      <dd>{text(sources[source])}</dd>
      <dt>{text('dataKey')}</dt>
      <dd>
        <code class="break">{keyId}</code>
      </dd>
      <dt>{text('progress')}</dt>
      <dd>
        <span role="status">
          <Badge tone={waiting === 0 ? 'good' : 'busy'}>
            {waiting === 0 ? text('allSealed') : text('sealing', { count: waiting })}
          </Badge>
        </span>
      </dd>
    </dl>
  )
}

function Rotation({ what, why, label }: { what: 'data' | 'master'; why: string; label: string }) {
  const text = speak(messages)
  const [isAsked, setAsked] = useState(false)
  const { error, isBusy, onSubmit } = useSubmit(async () => {
    const { keyId } = await ask<KeyRotation>('/v2/secrets/rotate', { method: 'POST', body: { what } })
    setAsked(false)
    showToast({ kind: 'done', text: () => speak(messages)('rotated', { id: keyId }) })
    await system.load()
  })
  return (
    <form class="rotation" onSubmit={onSubmit}>
      <p class="hint">{why}</p>
      {error !== undefined && <Failed error={error} />}
      {isAsked ? (
        <div class="actions">
          <span>{text('rotateSure')}</span>
          {/* Another button than the one that asks: the click that asks must not send. */}
          <Button key="send" type="submit" look="danger" isBusy={isBusy}>
            {text('rotateYes')}
          </Button>
          <Button onClick={() => setAsked(false)}>{text('cancel')}</Button>
        </div>
      ) : (
        <div class="actions">
          <Button key="ask" onClick={() => setAsked(true)}>
            {label}
          </Button>
        </div>
      )}
    </form>
  )
}
