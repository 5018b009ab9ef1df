import { speak } from '../../../i18n/messages.ts'
import { Field, SelectField, Switch } from '../../../parts/field.tsx'
import { dialectNames, dialects } from '../dialects.ts'
import { messages } from '../messages.ts'
import { isKept, keep, keepFailed } from '../talk/keep-talk.ts'
import { changeWishes, compare, isComparing, readToolsText, wishes } from '../talk/playground-state.ts'
import { AimFields } from './aim-fields.tsx'
import { NumberField } from './number-field.tsx'
import { ThinkingFields } from './thinking-fields.tsx'
import { ToolsEditor } from './tools-editor.tsx'

const MOST_TOKENS = 1_000_000

/** What the next request is made from. */
export function SettingsColumn() {
  const text = speak(messages)
  return (
    <div class="form">
      <SelectField
        label={text('dialect')}
        value={wishes.value.dialect}
        options={dialectNames.map((name) => ({ value: name, label: dialects[name].title }))}
        onChoice={(dialect) => changeWishes({ dialect })}
      />
      <AimFields name="first" />
      <Switch label={text('compare')} isOn={isComparing.value} onToggle={compare} />
      {isComparing.value && <AimFields name="second" />}
      <Instructions />
      <ThinkingFields />
      <Numbers />
      <Switch
        label={text('stream')}
        isOn={wishes.value.stream}
        onToggle={(stream) => changeWishes({ stream })}
      />
      <Tools />
      <Switch label={text('keep')} isOn={isKept.value} onToggle={keep} />
      <p class={keepFailed.value ? 'field-error' : 'hint'} role={keepFailed.value ? 'alert' : undefined}>
        {text(keepFailed.value ? 'keepFailed' : 'keepHint')}
      </p>
      <p class="hint">{text('keyUsed')}</p>
    </div>
  )
}

function Instructions() {
  const text = speak(messages)
  return (
    <Field
      label={text('system')}
      control={(ties) => (
        <textarea
          {...ties}
          rows={3}
          value={wishes.value.system}
          onInput={(event) => changeWishes({ system: event.currentTarget.value })}
        />
      )}
    />
  )
}

function Numbers() {
  const text = speak(messages)
  return (
    <>
      <NumberField
        label={text('maxTokens')}
        value={wishes.value.maxTokens}
        least={1}
        most={MOST_TOKENS}
        onNumber={(maxTokens) => changeWishes({ maxTokens })}
      />
      <NumberField
        label={text('temperature')}
        hint={text('temperatureHint')}
        value={wishes.value.temperature}
        least={0}
        most={2}
        isWhole={false}
        onNumber={(temperature) => changeWishes({ temperature })}
      />
    </>
  )
}

function Tools() {
  const text = speak(messages)
  const read = readToolsText.value
  const count = read.kind === 'tools' ? read.tools.length : 0
  return (
    <details class="tools">
      <summary>{text('toolsOf', { count })}</summary>
      <ToolsEditor />
    </details>
  )
}
