import { useEffect, useState } from 'preact/hooks'
import { fieldProblem } from '../../api/field-problem.ts'
import type { Settings } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { Link } from '../../parts/link.tsx'
import { Empty, Failed, Skeleton } from '../../parts/states.tsx'
import { Time } from '../../parts/time.tsx'
import { addressOf, changeQuery, route } from '../../state/route.ts'
import { AboutCards } from './cards/about-cards.tsx'
import { AccessCards } from './cards/access-cards.tsx'
import { DataCard } from './cards/data-card.tsx'
import { EncryptionCard } from './cards/encryption-card.tsx'
import { ProxyCard } from './cards/proxy-card.tsx'
import { findSettings, groups, type Group } from './find-settings.ts'
import { messages } from './messages.ts'
import { ReviewDialog } from './review-dialog.tsx'
import { SaveBar } from './save-bar.tsx'
import { sayHelp, sayTitle } from './say-setting.ts'
import { SettingRow } from './setting-row.tsx'
import { followSettings, settings } from './settings-store.ts'
import { UnknownSettings } from './unknown-settings.tsx'

export function SettingsPage() {
  useEffect(followSettings, [])
  const text = speak(messages)
  const { value, error, readAt } = settings.state.value
  if (value === undefined) {
    return error === undefined ? (
      <Skeleton rows={10} />
    ) : (
      <Failed error={error} onRetry={() => void settings.load()} />
    )
  }
  return (
    <>
      {error !== undefined && (
        <div class="stale">
          <Failed error={error} onRetry={() => void settings.load()} />
          {readAt !== undefined && (
            <p class="hint">
              {text('staleSince')} <Time at={readAt} />
            </p>
          )}
        </div>
      )}
      <SettingsView view={value} />
    </>
  )
}

function SettingsView({ view }: { view: Settings }) {
  const { query } = route.value
  const sought = query.get('q') ?? ''
  const group = groups.find((each) => each === query.get('group')) ?? 'access'
  const [isReviewing, setReviewing] = useState(false)
  const [refusal, setRefusal] = useState<unknown>()
  const found = findSettings(view.settings, sought, ({ name }) => `${sayTitle(name)} ${sayHelp(name)}`)
  const shown = sought === '' ? view.settings.filter((each) => each.group === group) : found
  return (
    <>
      <SettingsTools sought={sought} group={group} found={found.length} />
      <Troubles view={view} />
      {sought === '' && <Cards group={group} />}
      {shown.length > 0 && (
        <ul class="settings">
          {shown.map((setting) => (
            <SettingRow key={setting.name} setting={setting} refusal={fieldProblem(refusal, setting.name)} />
          ))}
        </ul>
      )}
      {sought !== '' && found.length === 0 && <NoMatch />}
      <SaveBar list={view.settings} onReview={() => setReviewing(true)} />
      {isReviewing && (
        <ReviewDialog list={view.settings} onRefused={setRefusal} onClose={() => setReviewing(false)} />
      )}
    </>
  )
}

function SettingsTools({ sought, group, found }: { sought: string; group: Group; found: number }) {
  const text = speak(messages)
  return (
    <div class="settings-tools">
      <div class="tools">
        <input
          type="search"
          aria-label={text('search')}
          placeholder={text('search')}
          maxLength={200}
          value={sought}
          onInput={(event) => changeQuery({ q: event.currentTarget.value })}
        />
        <Link href={addressOf('events', { kind: 'setting-changed' })}>{text('history')}</Link>
      </div>
      <div class="chips" role="group" aria-label={text('groups')}>
        {groups.map((each) => (
          <button
            key={each}
            type="button"
            class="chip"
            aria-pressed={sought === '' && each === group}
            onClick={() => changeQuery({ group: each, q: undefined })}
          >
            {text(each)}
          </button>
        ))}
      </div>
      {sought !== '' && (
        <p class="hint" role="status">
          {text('found', { count: found })}
        </p>
      )}
    </div>
  )
}

/** What does not hold as it was set, wherever it is. */
function Troubles({ view }: { view: Settings }) {
  const text = speak(messages)
  const waiting = view.settings.filter(({ pending }) => pending !== null)
  const ignored = view.settings.filter(({ problem }) => problem !== null)
  return (
    <>
      {(waiting.length > 0 || ignored.length > 0) && (
        <p class="settings-troubles">
          {waiting.length > 0 && <Badge tone="busy">{text('waiting', { count: waiting.length })}</Badge>}
          {ignored.length > 0 && <Badge tone="warn">{text('problems', { count: ignored.length })}</Badge>}
          {[...waiting, ...ignored].map(({ name, group }) => (
            <Link key={name} href={addressOf('settings', { group })}>
              {sayTitle(name)}
            </Link>
          ))}
        </p>
      )}
      {view.unknown.length > 0 && <UnknownSettings view={view} />}
    </>
  )
}

function Cards({ group }: { group: Group }) {
  switch (group) {
    case 'access':
      return <AccessCards />
    case 'data':
      return <DataCard />
    case 'encryption':
      return <EncryptionCard />
    case 'network':
      return <ProxyCard />
    case 'about':
      return <AboutCards />
    case 'pool':
    case 'refresh':
    case 'answers':
    case 'limits':
    case 'logging':
    default:
      return null
  }
}

function NoMatch() {
  const text = speak(messages)
  return (
    <Empty
      icon="search"
      title={text('noMatchTitle')}
      action={<Button onClick={() => changeQuery({ q: undefined })}>{text('clear')}</Button>}
    >
      <p>{text('noMatchReason')}</p>
    </Empty>
  )
}
