import { useEffect, useState } from 'preact/hooks'
import type { Setup, SetupList } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Failed, Skeleton } from '../../parts/states.tsx'
import { whenNews } from '../../state/live.ts'
import { changeQuery, route } from '../../state/route.ts'
import { isPrivate } from '../../state/settings.ts'
import { AddressFields } from './address-fields.tsx'
import { CheckPart } from './check-part.tsx'
import { KEY_PLACEHOLDER, readOrigin, shellNames, usualOrigin, usualShell } from './choice.ts'
import { FirstRequestPart } from './first-request-part.tsx'
import { followCalls } from './follow-calls.ts'
import { KeyPart } from './key-part.tsx'
import { findKey } from './known-key.ts'
import { messages } from './messages.ts'
import { keyList, modelWanted, setups } from './setup-store.ts'
import { SnippetsPart } from './snippets-part.tsx'

/** A client, a key and a model: what to copy, whether it works, and whether the client has come. */
export function SetupPage() {
  const model = modelWanted()
  useEffect(() => void setups.load(), [model])
  useEffect(() => whenNews(['keys'], () => void keyList.load()), [])
  useEffect(followCalls, [])
  const { value, error } = setups.state.value
  if (value === undefined) {
    if (error === undefined) return <Skeleton rows={8} />
    return <Failed error={error} onRetry={() => void setups.load()} />
  }
  return (
    <>
      {error !== undefined && <Failed error={error} onRetry={() => void setups.load()} />}
      <Chosen list={value} model={model} />
    </>
  )
}

function Chosen({ list, model }: { list: SetupList; model: string }) {
  const text = speak(messages)
  const { query } = route.value
  const [key, setKey] = useState('')
  const [isKeyShown, setKeyShown] = useState(!isPrivate.peek())
  const [requests, setRequests] = useState<readonly string[]>([])
  const setup = list.setups.find(({ name }) => name === query.get('client')) ?? list.setups[0]
  if (setup === undefined) return null
  const shell = shellNames.find((name) => name === query.get('shell')) ?? usualShell(navigator.platform)
  const usual = usualOrigin(setup, window.location.origin)
  const origin = readOrigin(query.get('base') ?? '') ?? usual
  const values = { origin, key: key === '' ? KEY_PLACEHOLDER : key }
  const isShown = key === '' || isKeyShown
  const known = findKey(key, keyList.state.value.value?.keys ?? [])
  return (
    <div class="setup">
      <p class="hint">{text('intro')}</p>
      <ClientChoice list={list.setups} chosen={setup} />
      <div class="setup-columns">
        <div class="stack setup-wishes">
          <section class="card form">
            <KeyPart typed={key} onKey={setKey} known={known} client={setup.title} />
          </section>
          <section class="card form">
            <AddressFields setup={setup} models={list.models} model={model} usual={usual} />
          </section>
        </div>
        <SnippetsPart
          setup={setup}
          values={values}
          model={model}
          shell={shell}
          hasKey={key !== ''}
          isShown={isShown}
          onShow={setKeyShown}
        />
        <div class="stack setup-proofs">
          <section class="card stack">
            <CheckPart
              key={`${setup.name} ${model} ${key}`}
              setup={setup}
              values={values}
              hasKey={key !== ''}
              shell={shell}
              isShown={isShown}
              onRequest={(id) => setRequests([...requests, id])}
            />
          </section>
          <section class="card stack">
            <FirstRequestPart setup={setup} keyId={known?.id} ownIds={new Set(requests)} />
          </section>
        </div>
      </div>
    </div>
  )
}

function ClientChoice({ list, chosen }: { list: readonly Setup[]; chosen: Setup }) {
  const text = speak(messages)
  return (
    <fieldset class="setup-clients">
      <legend class="field-label">{text('client')}</legend>
      <div class="chips">
        {list.map(({ name, title }) => (
          <button
            key={name}
            type="button"
            class="chip"
            aria-pressed={name === chosen.name}
            onClick={() => changeQuery({ client: name }, { replaces: false })}
          >
            {title}
          </button>
        ))}
      </div>
    </fieldset>
  )
}
