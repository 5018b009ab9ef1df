import { useEffect, useRef } from 'preact/hooks'
import type { EventEntry } from '../../api/types.ts'
import { formatTime } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { Link } from '../../parts/link.tsx'
import { Private } from '../../parts/private.tsx'
import { Time } from '../../parts/time.tsx'
import { isTyping } from '../../shell/shortcuts.ts'
import { addressOf, route } from '../../state/route.ts'
import { preferences } from '../../state/settings.ts'
import { ActorName } from './actor-name.tsx'
import { Changes } from './changes.tsx'
import { describeKind, isAlarming } from './kind-messages.ts'
import { messages } from './messages.ts'

export function EventTable({ entries }: { entries: readonly EventEntry[] }) {
  const text = speak(messages)
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => followKeys(() => frame.current), [])
  return (
    <div class="table-frame events-frame" ref={frame}>
      <table class="table events-table">
        <caption class="unseen">{text('list')}</caption>
        <thead>
          <tr>
            <th scope="col">{text('time')}</th>
            <th scope="col">{text('kind')}</th>
            <th scope="col">{text('subject')}</th>
            <th scope="col">{text('change')}</th>
            <th scope="col">{text('who')}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <EventRow key={entry.id} entry={entry} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function EventRow({ entry }: { entry: EventEntry }) {
  const text = speak(messages)
  const { id, at, kind, subject, actor, before, after, reason } = entry
  const query = { ...Object.fromEntries(route.value.query), event: String(id) }
  return (
    <tr>
      <td class="events-time" title={formatTime(at)}>
        <Time at={at} />
      </td>
      <td class="events-kind">
        <Link href={addressOf('events', query)} class="events-open" title={text('details', { id })}>
          {isAlarming(entry) && <Icon name="warn" />}
          {describeKind(kind)}
        </Link>
      </td>
      <td class="name">{subject === null ? '' : <Private text={subject.name ?? subject.id} />}</td>
      <td class="events-change">
        <Changes before={before} after={after} most={2} />
        {reason !== null && <p class="hint">{reason}</p>}
      </td>
      <td>
        <ActorName actor={actor} />
      </td>
    </tr>
  )
}

/** `j` and `k` go from one event to the next; Enter opens it, as it is a link. */
function followKeys(frame: () => HTMLElement | null): () => void {
  function onKey(event: KeyboardEvent): void {
    if (!preferences.value.shortcuts || event.metaKey || event.ctrlKey || event.altKey) return
    if ((event.key !== 'j' && event.key !== 'k') || isTyping(event)) return
    if (document.querySelector('dialog[open]') !== null) return
    const links = [...(frame()?.querySelectorAll<HTMLElement>('.events-open') ?? [])]
    const present = links.findIndex((link) => link === document.activeElement)
    const next = present + (event.key === 'j' ? 1 : -1)
    links[Math.min(Math.max(next, 0), links.length - 1)]?.focus()
  }
  document.addEventListener('keydown', onKey)
  return () => document.removeEventListener('keydown', onKey)
}
