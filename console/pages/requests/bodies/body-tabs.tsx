import { useState } from 'preact/hooks'
import type { CapturedBodies, CapturedBody } from '../../../api/types.ts'
import { formatSpan } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Badge } from '../../../parts/badge.tsx'
import { CopyButton } from '../../../parts/copy-button.tsx'
import { Link } from '../../../parts/link.tsx'
import { Tabs } from '../../../parts/tabs.tsx'
import { now } from '../../../state/now.ts'
import { addressOf } from '../../../state/route.ts'
import { formatBytes } from './format-bytes.ts'
import { messages } from './messages.ts'
import { joinStream, writeCurl, writePretty, type Passage } from './show-body.ts'

export function BodyTabs({ bodies }: { bodies: CapturedBodies }) {
  const [chosen, setChosen] = useState<'request' | 'answer'>('request')
  const text = speak(messages)
  const body = bodies[chosen]
  const canReplay = bodies.request?.form === 'json'
  return (
    <>
      <div class="actions">
        <Badge tone="idle">{text('expires', { when: formatSpan(bodies.expiresAt, now.value) })}</Badge>
        {canReplay && (
          <CopyButton text={writeCurl(bodies, window.location.origin)} label={text('copyCurl')} />
        )}
        {canReplay && (
          <Link class="button" href={addressOf('playground', { replay: bodies.id })}>
            {text('replay')}
          </Link>
        )}
      </div>
      {canReplay && isPartial(bodies.request) && <p class="hint">{text('incomplete')}</p>}
      <Tabs
        label={text('bodies')}
        tabs={[
          { name: 'request', label: text('request') },
          { name: 'answer', label: text('answer') },
        ]}
        chosen={chosen}
        onChoose={setChosen}
      >
        {body === null ? (
          <p class="hint">{text(chosen === 'request' ? 'nothingSent' : 'nothingAnswered')}</p>
        ) : (
          <Body key={chosen} body={body} label={text(chosen)} />
        )}
      </Tabs>
    </>
  )
}

function isPartial(body: CapturedBody | null): boolean {
  if (body === null) return false
  const { secrets, fields, media } = body.hidden
  return body.isCut || secrets + fields + media > 0
}

function Body({ body, label }: { body: CapturedBody; label: string }) {
  const [isJoined, setJoined] = useState(body.form === 'stream')
  const text = speak(messages)
  const passages = isJoined ? joinStream(body.text) : []
  const shown = isJoined ? passages.map((passage) => passage.text).join('\n\n') : writePretty(body)
  return (
    <div class="body">
      <div class="actions">
        <BodyFacts body={body} />
        {body.form === 'stream' && (
          <div class="body-views" role="group" aria-label={text('view')}>
            {[true, false].map((joined) => (
              <button
                key={String(joined)}
                type="button"
                class="chip"
                aria-pressed={isJoined === joined}
                onClick={() => setJoined(joined)}
              >
                {text(joined ? 'joined' : 'asSent')}
              </button>
            ))}
          </div>
        )}
        <CopyButton text={shown} label={text('copyBody')} />
      </div>
      {isJoined ? (
        <Passages passages={passages} />
      ) : (
        // Whoever uses a keyboard has to be able to scroll it.
        <pre class="body-text" tabIndex={0} role="region" aria-label={label}>
          {shown}
        </pre>
      )}
    </div>
  )
}

function Passages({ passages }: { passages: readonly Passage[] }) {
  const text = speak(messages)
  return (
    <>
      {passages.map(({ kind, text: said }, index) => (
        <figure key={index} class="passage">
          <figcaption class="hint">{text(kind)}</figcaption>
          <pre class="body-text" tabIndex={0} role="region" aria-label={text(kind)}>
            {said}
          </pre>
        </figure>
      ))}
    </>
  )
}

function BodyFacts({ body }: { body: CapturedBody }) {
  const { bytes, isCut, hidden } = body
  const text = speak(messages)
  const facts = [
    formatBytes(bytes),
    ...(isCut ? [text('cut', { size: '64 kB' })] : []),
    ...(['secrets', 'fields', 'media'] as const).flatMap((sort) =>
      hidden[sort] === 0 ? [] : [text(sort, { count: hidden[sort] })],
    ),
  ]
  return <span class="hint body-facts">{facts.join(' · ')}</span>
}
