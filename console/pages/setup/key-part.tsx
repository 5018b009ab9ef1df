import { useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import type { Key, NewKey } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { TextField } from '../../parts/field.tsx'
import { Private } from '../../parts/private.tsx'
import { Failed } from '../../parts/states.tsx'
import { useSubmit } from '../../parts/use-submit.ts'
import { isUsable } from './known-key.ts'
import { messages } from './messages.ts'
import { keyList, needsKey } from './setup-store.ts'

interface KeyPartProps {
  typed: string
  known: Key | undefined
  /** After which a new key is called. */
  client: string
  onKey: (key: string) => void
}

/** A key that somebody has, or a new one. It is nowhere but in this page's memory. */
export function KeyPart({ typed, known, client, onKey }: KeyPartProps) {
  const text = speak(messages)
  const [isMaking, setMaking] = useState(false)
  const [made, setMade] = useState('')
  const isMade = made !== '' && made === typed
  return (
    <>
      <TextField
        label={text('key')}
        isSecret
        placeholder={text('keyPlaceholder')}
        hint={typed === '' ? `${text('keyHint')} ${text('keyPlaceholderUsed')}` : text('keyHint')}
        value={typed}
        onText={(value) => onKey(value.trim())}
      />
      {typed === '' && !needsKey() && <p class="hint">{text('keyOpen')}</p>}
      {isMade ? <p class="setup-note">{text('created')}</p> : <KeyFound typed={typed} known={known} />}
      <div class="actions">
        {isMade && <CopyButton text={made} label={text('copyKey')} />}
        {typed !== '' && <Button onClick={() => onKey('')}>{text('forget')}</Button>}
        {!isMaking && typed === '' && (
          <Button icon="add" onClick={() => setMaking(true)}>
            {text('createKey')}
          </Button>
        )}
      </div>
      {isMaking && (
        <NewKeyForm
          client={client}
          onClose={() => setMaking(false)}
          onMade={(key) => {
            setMade(key)
            onKey(key)
            setMaking(false)
          }}
        />
      )}
    </>
  )
}

function KeyFound({ typed, known }: Pick<KeyPartProps, 'typed' | 'known'>) {
  const text = speak(messages)
  if (typed === '' || keyList.state.value.value === undefined) return null
  if (known === undefined) return <p class="hint">{text('keyFromElsewhere')}</p>
  return (
    <p>
      {isUsable(known) ? (
        <Badge tone="good">{text('keyKnown')}</Badge>
      ) : (
        <Badge tone="bad">{text('keyEnded')}</Badge>
      )}{' '}
      <Private text={known.name} />
    </p>
  )
}

const LIFE_MS = 30 * 86_400_000

interface NewKeyFormProps {
  client: string
  onMade: (key: string) => void
  onClose: () => void
}

function NewKeyForm({ client, onMade, onClose }: NewKeyFormProps) {
  const text = speak(messages)
  const [name, setName] = useState(client)
  const { error, isBusy, onSubmit } = useSubmit(async () => {
    const expiresAt = `${new Date(Date.now() + LIFE_MS).toISOString().slice(0, 19)}Z`
    const made = await ask<NewKey>('/v2/keys', {
      method: 'POST',
      body: { name: name.trim() || client, expires_at: expiresAt },
    })
    onMade(made.key)
  })
  return (
    <form class="form" noValidate onSubmit={onSubmit}>
      {error !== undefined && <Failed error={error} />}
      <TextField
        label={text('newKeyName')}
        hint={text('expiresIn')}
        maxLength={100}
        autofocus
        autocomplete="off"
        value={name}
        onText={setName}
      />
      <div class="actions">
        <Button type="submit" look="primary" isBusy={isBusy}>
          {text('create')}
        </Button>
        <Button onClick={onClose}>{text('cancel')}</Button>
      </div>
    </form>
  )
}
