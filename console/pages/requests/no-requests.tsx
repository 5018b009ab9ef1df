import { formatTime } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Empty } from '../../parts/states.tsx'
import { changeQuery } from '../../state/route.ts'
import { messages } from './messages.ts'
import { isFiltered, withoutFilters, type RequestView } from './request-filter.ts'

/** Why the list is empty. `oldest`: the oldest request that is kept; null: none is, undefined: nobody knows yet. */
export function NoRequests({ view, oldest }: { view: RequestView; oldest: string | null | undefined }) {
  const text = speak(messages)
  if (isFiltered(view)) {
    return (
      <Empty
        icon="filter"
        title={text('noMatch')}
        action={<Button onClick={() => changeQuery(withoutFilters())}>{text('clear')}</Button>}
      >
        <p>{text('noMatchWhy')}</p>
      </Empty>
    )
  }
  if (oldest === null || oldest === undefined) {
    return (
      <Empty
        icon="requests"
        title={text('empty')}
        action={
          <a class="button plain" href="/docs" target="_blank" rel="noopener">
            {text('emptySetup')}
          </a>
        }
      >
        <p>{text('emptyWhy')}</p>
      </Empty>
    )
  }
  const widen = { range: '30d', since: undefined, until: undefined }
  return (
    <Empty
      icon="requests"
      title={text('noneInRange')}
      action={<Button onClick={() => changeQuery(widen)}>{text('widen')}</Button>}
    >
      <p>{text('noneInRangeWhy', { when: formatTime(oldest) })}</p>
    </Empty>
  )
}
