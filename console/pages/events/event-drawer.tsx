import { useEffect } from 'preact/hooks'
import type { EventEntry } from '../../api/types.ts'
import { formatTime } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Link } from '../../parts/link.tsx'
import { Private } from '../../parts/private.tsx'
import { isTyping } from '../../shell/shortcuts.ts'
import { addressOf } from '../../state/route.ts'
import { preferences } from '../../state/settings.ts'
import { ActorName } from './actor-name.tsx'
import { ChangesTable } from './changes.tsx'
import { describeKind } from './kind-messages.ts'
import { messages } from './messages.ts'

interface EventDrawerProps {
  entry: EventEntry
  onClose: () => void
  /** To the newer (-1) or older (1) one in the list. */
  onStep: (step: -1 | 1) => void
}

export function EventDrawer({ entry, onClose, onStep }: EventDrawerProps) {
  const text = speak(messages)
  const { id, at, kind, subject, actor, before, after, reason, hash, previousHash } = entry
  useEffect(() => followSteps(onStep), [onStep])
  return (
    <Dialog look="drawer" title={describeKind(kind)} onClose={onClose}>
      <div class="stack">
        <dl class="facts">
          <dt>{text('time')}</dt>
          <dd>{formatTime(at)}</dd>
          <dt>{text('who')}</dt>
          <dd>
            <ActorName actor={actor} />
          </dd>
          {actor.address !== null && <Fact name={text('from')} value={actor.address} />}
          {subject !== null && (
            <>
              <dt>{text('subject')}</dt>
              <dd>
                <Private text={subject.name ?? subject.id} />{' '}
                <Link href={addressOf('events', { subject: subject.id })}>{text('onlyAbout')}</Link>
              </dd>
            </>
          )}
          {reason !== null && <Fact name={text('reason')} value={reason} />}
        </dl>
        <ChangesTable before={before} after={after} />
        <dl class="facts">
          <Fact name={text('id')} value={String(id)} />
          <Fact name={text('hash')} value={hash} />
          <Fact name={text('previousHash')} value={previousHash} />
        </dl>
      </div>
    </Dialog>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd class="break">{value}</dd>
    </>
  )
}

function followSteps(onStep: (step: -1 | 1) => void): () => void {
  function onKey(event: KeyboardEvent): void {
    if (!preferences.value.shortcuts || isTyping(event)) return
    if (event.key === '[') onStep(-1)
    else if (event.key === ']') onStep(1)
  }
  document.addEventListener('keydown', onKey)
  return () => document.removeEventListener('keydown', onKey)
}
