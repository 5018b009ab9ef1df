import type { Setup } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Switch } from '../../parts/field.tsx'
import { Icon } from '../../parts/icon.tsx'
import { changeQuery } from '../../state/route.ts'
import { language } from '../../state/settings.ts'
import { isPublic, shellNames, type ShellName } from './choice.ts'
import { DeepLink } from './deep-link.tsx'
import { fillIn, HIDDEN_KEY } from './fill-in.ts'
import { messages } from './messages.ts'

interface SnippetsPartProps {
  setup: Setup
  values: { origin: string; key: string }
  model: string
  shell: ShellName
  hasKey: boolean
  /** Whether the key is on the screen. */
  isShown: boolean
  onShow: (isShown: boolean) => void
}

/** What to copy into the client, with what to know about it. */
export function SnippetsPart({ setup, values, model, shell, hasKey, isShown, onShow }: SnippetsPartProps) {
  const text = speak(messages)
  const differs = setup.parts.some(({ variants }) => variants.length > 1)
  const shown = isShown ? values : { ...values, key: HIDDEN_KEY }
  return (
    <section class="card stack setup-snippets" aria-label={text('settings', { client: setup.title })}>
      <div class="actions spread">
        <h2>{text('settings', { client: setup.title })}</h2>
        {setup.deepLink !== null && (
          <DeepLink link={setup.deepLink} values={{ ...values, model }} hasKey={hasKey} />
        )}
      </div>
      <Warnings setup={setup} origin={values.origin} />
      <div class="actions spread">
        {differs && <ShellChoice chosen={shell} />}
        {hasKey && <Switch label={text('showKey')} isOn={isShown} onToggle={onShow} />}
      </div>
      {setup.parts.map(({ variants }, index) => {
        const variant = variants.find(({ shells }) => shells.includes(shell))
        if (variant === undefined) return null
        const label = titleOf(variant.title, text)
        return (
          <Snippet
            key={`${setup.name} ${index}`}
            label={label}
            shown={fillIn(variant.pieces, shown)}
            copied={fillIn(variant.pieces, values)}
          />
        )
      })}
      <p class="hint break">{text('guide', { path: `docs/guides/${setup.name}.md` })}</p>
    </section>
  )
}

function ShellChoice({ chosen }: { chosen: ShellName }) {
  const text = speak(messages)
  return (
    <div class="chips" role="group" aria-label={text('system')}>
      {shellNames.map((name) => (
        <button
          key={name}
          type="button"
          class="chip"
          aria-pressed={name === chosen}
          onClick={() => changeQuery({ shell: name })}
        >
          {text(name)}
        </button>
      ))}
    </div>
  )
}

function Warnings({ setup, origin }: { setup: Setup; origin: string }) {
  const text = speak(messages)
  const client = setup.title
  const isUnreachable = setup.calledFrom === 'the Internet' && !isPublic(origin)
  return (
    <ul class="setup-remarks">
      {isUnreachable && (
        <li class="setup-note">
          <Icon name="warn" />
          <span>{text('privateAddress', { client, address: origin })}</span>
        </li>
      )}
      {setup.rivals.length > 0 && (
        <li class="setup-note">
          <Icon name="warn" />
          <span>{text('rivals', { names: setup.rivals.join(', ') })}</span>
        </li>
      )}
      {setup.calledFrom === 'a container' && <li>{text('compose', { client })}</li>}
      {setup.remarks.map((remark) => (
        <li key={remark.en}>{remark[language.value]}</li>
      ))}
    </ul>
  )
}

function titleOf(title: string, text: ReturnType<typeof speak<(typeof messages)['en']>>): string {
  if (title === 'terminal' || title === 'environment') return text(title)
  return title === '.env of the gateway' ? text('gatewayEnv') : title
}

interface SnippetProps {
  label: string
  /** Undefined: the language has no way to write it. */
  shown: string | undefined
  copied: string | undefined
}

export function Snippet({ label, shown, copied }: SnippetProps) {
  const text = speak(messages)
  return (
    <section class="snippet">
      <div class="actions spread">
        <h3 class="break">{label}</h3>
        {copied !== undefined && <CopyButton text={copied} />}
      </div>
      {shown === undefined ? (
        <p class="field-error">{text('cannotWrite')}</p>
      ) : (
        <pre tabIndex={0} aria-label={label}>
          {shown}
        </pre>
      )}
    </section>
  )
}
