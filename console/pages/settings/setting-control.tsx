import type { Setting } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Field } from '../../parts/field.tsx'
import { messages } from './messages.ts'
import { sayBounds, sayFault, sayHelp, sayTitle, sayUnit } from './say-setting.ts'
import { faultOf, shownIn, type Draft } from './setting-drafts.ts'

interface SettingControlProps {
  setting: Setting
  draft: Draft | undefined
  /** What the gateway had against it. */
  refusal: string | undefined
  onText: (text: string) => void
}

/** The field by which a setting is changed. */
export function SettingControl({ setting, draft, refusal, onText }: SettingControlProps) {
  const text = speak(messages)
  const { name, kind } = setting
  const value = shownIn(setting, draft)
  const fault = draft && faultOf(setting, draft.text)
  return (
    <Field
      label={sayTitle(name)}
      hint={[sayHelp(name), sayBounds(setting)].filter(Boolean).join(' ')}
      error={fault === undefined ? refusal : sayFault(setting, fault)}
      control={(ties) => {
        switch (kind.type) {
          case 'flag':
            return (
              <span class="switch">
                <input
                  {...ties}
                  type="checkbox"
                  role="switch"
                  checked={value === 'true'}
                  onChange={(event) => onText(String(event.currentTarget.checked))}
                />
                <span aria-hidden="true">{text(value === 'true' ? 'on' : 'off')}</span>
              </span>
            )
          case 'choice':
            return (
              <select {...ties} value={value} onChange={(event) => onText(event.currentTarget.value)}>
                {kind.words.map((word) => (
                  <option key={word} value={word}>
                    {word}
                  </option>
                ))}
              </select>
            )
          case 'number':
          case 'list':
          case 'text':
          default:
            return (
              <span class={kind.type === 'number' ? 'with-unit' : 'with-unit long'}>
                <input
                  {...ties}
                  type="text"
                  inputMode={kind.type === 'number' ? 'decimal' : 'text'}
                  autocomplete="off"
                  spellcheck={false}
                  maxLength={10_000}
                  value={value}
                  onInput={(event) => onText(event.currentTarget.value)}
                />
                {sayUnit(setting) !== '' && <span class="hint break">{sayUnit(setting)}</span>}
              </span>
            )
        }
      }}
    />
  )
}
