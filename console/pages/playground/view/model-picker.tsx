import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { formatShort } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Field } from '../../../parts/field.tsx'
import { messages } from '../messages.ts'
import type { Model } from '../talk/playground-state.ts'
import { groupModels } from './group-models.ts'

interface ModelPickerProps {
  label: string
  /** Undefined while they are on their way. */
  models: readonly Model[] | undefined
  chosen: string
  onChoose: (id: string) => void
}

/** A field to search in, with a list below it; a name that is in no list may be typed as well. */
export function ModelPicker({ label, models, chosen, onChoose }: ModelPickerProps) {
  const listId = useId()
  const [sought, setSought] = useState<string>()
  const [at, setAt] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  const groups = groupModels(models ?? [], sought ?? '')
  const listed = groups.flatMap((group) => group.models)
  const isOpen = sought !== undefined
  const isListed = isOpen && models !== undefined
  const known = models?.find(({ id }) => id === chosen)

  useEffect(() => {
    if (isOpen)
      document.querySelector(`#${CSS.escape(`${listId}-${at}`)}`)?.scrollIntoView({ block: 'nearest' })
  }, [isOpen, at])
  function close(): void {
    setSought(undefined)
    setAt(0)
  }
  function choose(id: string): void {
    if (id !== '') onChoose(id)
    close()
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      if (isOpen && listed.length > 0) setAt((at + step + listed.length) % listed.length)
      else setSought('')
    } else if (event.key === 'Enter' && isOpen) {
      // What is sought is no model's name before it is known that it is none's.
      if (isListed) choose(listed[at]?.id ?? sought.trim())
    } else if (event.key === 'Escape' && isOpen) close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div class="model-picker">
      <Field
        label={label}
        hint={known === undefined ? undefined : describeModel(known)}
        control={(ties) => (
          <input
            {...ties}
            ref={input}
            type="text"
            role="combobox"
            autocomplete="off"
            spellcheck={false}
            aria-autocomplete="list"
            aria-expanded={isListed}
            aria-controls={listId}
            aria-activedescendant={isOpen && listed.length > 0 ? `${listId}-${at}` : undefined}
            value={sought ?? chosen}
            onFocus={() => input.current?.select()}
            onClick={() => setSought(sought ?? '')}
            onInput={(event) => {
              setSought(event.currentTarget.value)
              setAt(0)
            }}
            onBlur={close}
            onKeyDown={onKeyDown}
          />
        )}
      />
      <ModelOptions
        id={listId}
        groups={isOpen ? groups : []}
        isOpen={isListed}
        active={listed[at]?.id}
        onChoose={choose}
      />
    </div>
  )
}

interface ModelOptionsProps {
  id: string
  groups: ReturnType<typeof groupModels>
  isOpen: boolean
  active: string | undefined
  onChoose: (id: string) => void
}

function ModelOptions({ id, groups, isOpen, active, onChoose }: ModelOptionsProps) {
  const text = speak(messages)
  let place = -1
  return (
    <div id={id} role="listbox" aria-label={text('searchModels')} class="model-options" hidden={!isOpen}>
      {groups.map(({ family, models }) => (
        <div key={family} role="group" aria-label={family}>
          <p class="model-family" aria-hidden="true">
            {family}
          </p>
          {models.map((model) => {
            place += 1
            return (
              <div
                key={model.id}
                id={`${id}-${place}`}
                role="option"
                class="model-option"
                aria-selected={model.id === active}
                // Before the field loses its focus, which closes the list.
                onPointerDown={(event) => {
                  event.preventDefault()
                  onChoose(model.id)
                }}
              >
                <span class="break">{model.displayName}</span>
                <span class="hint">{describeModel(model)}</span>
              </div>
            )
          })}
        </div>
      ))}
      {isOpen && groups.length === 0 && <p class="hint">{text('noModel')}</p>}
    </div>
  )
}

function describeModel({ contextWindow, maxOutput, rate, takesImages }: Model): string {
  const text = speak(messages)
  const known = [
    text('context', { context: formatShort(contextWindow) }),
    maxOutput !== null && text('output', { output: formatShort(maxOutput) }),
    rate !== null && text('rate', { rate }),
    takesImages && text('seesPictures'),
  ]
  return known.filter((fact) => typeof fact === 'string').join(' · ')
}
