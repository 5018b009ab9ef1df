import { useState } from 'preact/hooks'
import { formatNumber } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { CopyButton } from '../../../parts/copy-button.tsx'
import { Field, SelectField } from '../../../parts/field.tsx'
import type { RawLog } from '../answer/raw-log.ts'
import { dialectNames, dialects, type DialectName } from '../dialects.ts'
import { isObject, parseJson } from '../json.ts'
import { messages } from '../messages.ts'
import type { WrittenRequest } from '../request/write-request.ts'
import { lanes, shownLanes, type LaneName } from '../talk/playground-state.ts'

/** What goes over the line: the request, which can be changed and sent as it is, and the events of the answer as they come. */
export function RawView({ request, onSent }: { request: WrittenRequest; onSent: () => void }) {
  return (
    <div class="form">
      <RequestEditor key={JSON.stringify(request)} request={request} onSent={onSent} />
      {shownLanes.value.map((name) => (
        <Events key={name} name={name} />
      ))}
    </div>
  )
}

function RequestEditor({ request, onSent }: { request: WrittenRequest; onSent: () => void }) {
  const text = speak(messages)
  const [typed, setTyped] = useState(() => JSON.stringify(request.body, null, 2))
  const [dialect, setDialect] = useState<DialectName>(request.dialect)
  const body = parseJson(typed)
  const isBody = isObject(body)
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isBody) return
        for (const name of shownLanes.value) {
          lanes[name].begin({ role: 'raw', dialect, body })
        }
        onSent()
      }}
    >
      <SelectField
        label={text('dialect')}
        value={dialect}
        options={dialectNames.map((each) => ({ value: each, label: dialects[each].title }))}
        onChoice={setDialect}
      />
      <Field
        label={text('rawRequest')}
        hint={`POST ${dialects[dialect].path}`}
        error={isBody ? undefined : text('rawNoJson')}
        control={(ties) => (
          <textarea
            {...ties}
            class="raw-request"
            rows={16}
            spellcheck={false}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        )}
      />
      <div class="actions">
        <Button type="submit" icon="up" aria-disabled={!isBody}>
          {text('rawEdit')}
        </Button>
        <CopyButton text={typed} />
      </div>
    </form>
  )
}

function Events({ name }: { name: LaneName }) {
  const text = speak(messages)
  const log = lanes[name].log.value
  const title =
    shownLanes.value.length > 1
      ? `${text('rawEvents')}: ${text(name === 'first' ? 'lane1' : 'lane2')}`
      : text('rawEvents')
  return (
    <section class="raw-events" aria-label={title}>
      <h3>{title}</h3>
      {log === undefined ? <p class="hint">{text('rawNone')}</p> : <EventTable log={log} title={title} />}
    </section>
  )
}

function EventTable({ log, title }: { log: RawLog; title: string }) {
  const text = speak(messages)
  return (
    <>
      {log.leftOut > 0 && <p class="hint">{text('rawLeftOut', { count: log.leftOut })}</p>}
      <div class="raw-table" tabIndex={0} role="region" aria-label={title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text('rawTime')}</th>
              <th scope="col">{text('rawName')}</th>
              <th scope="col">{text('rawData')}</th>
            </tr>
          </thead>
          <tbody>
            {log.events.map((event, index) => (
              <tr key={log.leftOut + index}>
                <td class="number">{formatNumber(Math.round(event.atMs))} ms</td>
                <td>{event.name === '' ? text('rawPlain') : event.name}</td>
                <td class="mono break">{event.data}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
