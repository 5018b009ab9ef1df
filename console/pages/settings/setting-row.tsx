import type { Setting } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { messages } from './messages.ts'
import { sayHelp, sayLock, sayTitle, sayValue } from './say-setting.ts'
import { SettingControl } from './setting-control.tsx'
import { isOvertaken, withDraft, withoutDraft, type Draft } from './setting-drafts.ts'
import { drafts } from './settings-store.ts'

interface SettingRowProps {
  setting: Setting
  /** What the gateway had against what was to be saved. */
  refusal?: string | undefined
}

export function SettingRow({ setting, refusal }: SettingRowProps) {
  const { name, lockedBy } = setting
  const draft = drafts.value.get(name)
  const edit = (text: string | null) => (drafts.value = withDraft(drafts.value, setting, text))
  return (
    <li class={draft === undefined ? 'setting' : 'setting edited'} id={`setting-${name}`}>
      <div class="setting-main">
        {lockedBy === null ? (
          <SettingControl setting={setting} draft={draft} refusal={refusal} onText={edit} />
        ) : (
          <LockedSetting setting={setting} />
        )}
        <Notes setting={setting} draft={draft} />
      </div>
      <div class="setting-side">
        <code class="hint break">{name}</code>
        <Badges setting={setting} isEdited={draft !== undefined} />
        <Default setting={setting} />
        <Resets setting={setting} draft={draft} onReset={() => edit(null)} />
      </div>
    </li>
  )
}

function LockedSetting({ setting }: { setting: Setting }) {
  const text = speak(messages)
  const { name, lockedBy, value, isSet } = setting
  const isSecret = lockedBy === 'secret' || (isSet && value === null)
  return (
    <div class="field">
      <h3 class="field-label">{sayTitle(name)}</h3>
      <p class="setting-value break">
        {isSecret ? text(isSet ? 'isSecretSet' : 'isSecretUnset') : sayValue(setting, value)}
      </p>
      <p class="hint">{sayHelp(name)}</p>
      <p class="hint break setting-lock">{sayLock(setting)}</p>
    </div>
  )
}

function Notes({ setting, draft }: { setting: Setting; draft: Draft | undefined }) {
  const text = speak(messages)
  const { pending, problem, inConsole } = setting
  return (
    <>
      {pending !== null && draft === undefined && (
        <p class="setting-note">
          <Badge tone="busy">
            {text('pendingTo', {
              value: sayValue(setting, pending.value),
              now: sayValue(setting, setting.value),
            })}
          </Badge>
        </p>
      )}
      {problem !== null && (
        <p class="setting-note">
          <Badge tone="warn">
            {inConsole === null ? text('ignoredSecret') : text('ignored', { value: inConsole })}
          </Badge>
          <span class="hint break"> {problem}</span>
        </p>
      )}
      {draft !== undefined && isOvertaken(setting, draft) && (
        <p class="setting-note">
          <Badge tone="warn">{text('newerAt', { value: sayValue(setting, setting.value) })}</Badge>
        </p>
      )}
    </>
  )
}

function Badges({ setting, isEdited }: { setting: Setting; isEdited: boolean }) {
  const text = speak(messages)
  const { source, applies, lockedBy } = setting
  const isAtOnce = applies === 'at-once'
  return (
    <span class="setting-tags">
      {isEdited && <span class="tag strong">{text('changed')}</span>}
      {(source !== 'default' || setting.default !== null) && (
        <span class="tag">
          {text(
            source === 'environment'
              ? 'fromEnvironment'
              : source === 'console'
                ? 'fromConsole'
                : 'fromDefault',
          )}
        </span>
      )}
      {lockedBy === null && (
        <span class="tag" title={text(isAtOnce ? 'atOnceWhy' : 'restartWhy')}>
          {text(isAtOnce ? 'atOnce' : 'restart')}
        </span>
      )}
    </span>
  )
}

function Default({ setting }: { setting: Setting }) {
  const text = speak(messages)
  if (setting.lockedBy === 'secret') return null
  const { default: value } = setting
  return (
    <span class="hint break">
      {value === null ? text('noDefault') : text('default', { value: sayValue(setting, value) })}
    </span>
  )
}

interface ResetsProps {
  setting: Setting
  draft: Draft | undefined
  onReset: () => void
}

function Resets({ setting, draft, onReset }: ResetsProps) {
  const text = speak(messages)
  const { name, isInConsole } = setting
  const title = sayTitle(name)
  if (draft !== undefined) {
    return (
      <Button
        look="quiet"
        aria-label={text('undoEditOf', { name: title })}
        onClick={() => (drafts.value = withoutDraft(drafts.value, name))}
      >
        {text('undoEdit')}
      </Button>
    )
  }
  // What does not count, whyever, can be taken away all the same.
  if (!isInConsole) return null
  return (
    <Button look="quiet" aria-label={text('resetOf', { name: title })} onClick={onReset}>
      {text('reset')}
    </Button>
  )
}
