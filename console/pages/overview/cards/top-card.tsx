import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { TopTraffic } from '../../../api/types.ts'
import { formatNumber, formatShort } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Link } from '../../../parts/link.tsx'
import { Private } from '../../../parts/private.tsx'
import { Segments } from '../../../parts/segments.tsx'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { addressOf } from '../../../state/route.ts'
import { chosenRange } from '../traffic/range.ts'
import { messages } from './messages.ts'
import { leadersOf, measures, topTraffic, type Measure, type TopCounts } from './top-names.ts'

const OTHERS = '*'
const MOST_ROWS = 5
const chosenMeasure = signal<Measure>('requests')

/** What is asked the most, and who asks it, in the time that the charts show. */
export function TopCard() {
  const text = speak(messages)
  const range = chosenRange.value
  const { value, error } = topTraffic.state.value
  useEffect(() => {
    if (topTraffic.state.peek().value?.range !== range) void topTraffic.load()
  }, [range])
  const top = value?.range === range ? value.top : undefined
  return (
    <>
      <header class="card-head">
        <h2>{text('top')}</h2>
        <Segments
          label={text('by')}
          segments={measures.map((name) => ({ name, label: text(name) }))}
          chosen={chosenMeasure.value}
          onChoose={(name) => (chosenMeasure.value = name)}
        />
      </header>
      {error !== undefined && top === undefined && (
        <Failed error={error} onRetry={() => void topTraffic.load()} />
      )}
      {top === undefined && error === undefined && <Skeleton rows={6} />}
      {top !== undefined && (
        <div class="tops">
          <TopTable title={text('models')} head={text('model')} rows={modelsOf(top)} />
          <TopTable title={text('keys')} head={text('key')} rows={keysOf(top)} />
        </div>
      )}
    </>
  )
}

interface Row extends TopCounts {
  id: string
  name: string
  isPrivate: boolean
  /** Its requests; absent: several have that name. */
  href: string | undefined
}

function modelsOf({ models }: TopTraffic): Row[] {
  const text = speak(messages)
  return models.map((each) => {
    const isRest = each.name === OTHERS
    return {
      ...each,
      id: each.name,
      name: isRest ? text('others') : each.name,
      isPrivate: false,
      href: isRest ? undefined : requestsOf({ model: each.name }),
    }
  })
}

function keysOf({ keys }: TopTraffic): Row[] {
  const text = speak(messages)
  return keys.map(({ id, name, ...counts }) => {
    if (id === null) return { ...counts, id: '', name: text('noKey'), isPrivate: false, href: undefined }
    if (id === OTHERS) return { ...counts, id, name: text('others'), isPrivate: false, href: undefined }
    return { ...counts, id, name: name ?? id, isPrivate: name !== null, href: requestsOf({ key: id }) }
  })
}

function requestsOf(query: Record<string, string>): string {
  return addressOf('requests', { ...query, range: chosenRange.value })
}

function TopTable({ title, head, rows }: { title: string; head: string; rows: readonly Row[] }) {
  const text = speak(messages)
  const leaders = leadersOf(rows, chosenMeasure.value, MOST_ROWS)
  return (
    <table class="table top">
      <caption class="unseen">{title}</caption>
      <thead>
        <tr>
          <th scope="col">{head}</th>
          <th scope="col" class="number">
            {text('requests')}
          </th>
          <th scope="col" class="number">
            {text('tokens')}
          </th>
          <th scope="col" class="number">
            {text('errors')}
          </th>
        </tr>
      </thead>
      <tbody>
        {leaders.map(({ id, name, isPrivate, href, requests, failures, inputTokens, outputTokens }) => {
          const words = isPrivate ? <Private text={name} /> : name
          return (
            <tr key={id}>
              <th scope="row" class="top-name">
                {href === undefined ? words : <Link href={href}>{words}</Link>}
              </th>
              <td class="number">{formatNumber(requests)}</td>
              <td class="number">{formatShort(inputTokens + outputTokens)}</td>
              <td class="number">{formatNumber(failures)}</td>
            </tr>
          )
        })}
        {leaders.length === 0 && (
          <tr>
            <td colSpan={4} class="hint">
              {text('nothingYet')}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  )
}
