import { speak } from '../../i18n/messages.ts'
import { planOf } from './account-facts.ts'
import { AccountName, MenuButton, SelectBox, Tags } from './account-row.tsx'
import { accountTests } from './account-tests.ts'
import { SelectAll } from './accounts-table.tsx'
import { Heartbeat } from './heartbeat.tsx'
import type { Entry } from './list-accounts.ts'
import { useVisibleRange, type ListView } from './list-view.ts'
import { messages } from './messages.ts'
import { QuotaCell } from './quota-cell.tsx'
import { openSheetOf } from './row-sheets.tsx'
import { partMessages, wordMessages } from './state-messages.ts'
import { StateCell } from './state-cell.tsx'

/** With the gap below it, in pixels; the style sheet holds to it. */
const CARD_HEIGHT = 172

/** The list on a phone: it scrolls with the page, and only the cards in sight are in it. */
export function AccountsCards({ view }: { view: ListView }) {
  const text = speak(messages)
  const { entries, selection, cursor } = view
  const cursorAt = cursor === undefined ? -1 : entries.findIndex(({ account }) => account.id === cursor)
  const { list, range } = useVisibleRange<HTMLUListElement>({
    count: entries.length,
    rowHeight: CARD_HEIGHT,
    cursorAt,
    wishes: view.wishes,
  })
  return (
    <>
      <label class="select-all">
        <SelectAll view={view} />
        <span aria-hidden="true">{text('selectAll')}</span>
      </label>
      <ul
        ref={list}
        class="account-cards"
        aria-label={text('table')}
        style={{ height: `${entries.length * CARD_HEIGHT}px` }}
      >
        {entries.slice(range.first, range.end).map((entry, at) => (
          <li
            key={entry.account.id}
            aria-setsize={entries.length}
            aria-posinset={range.first + at + 1}
            style={{ top: `${(range.first + at) * CARD_HEIGHT}px` }}
          >
            <AccountCard entry={entry} view={view} isSelected={selection.ids.has(entry.account.id)} />
          </li>
        ))}
      </ul>
    </>
  )
}

function AccountCard({ entry, view, isSelected }: { entry: Entry; view: ListView; isSelected: boolean }) {
  const text = speak(messages)
  const partText = speak(partMessages)
  const wordText = speak(wordMessages)
  const { account, judgement } = entry
  const openSheet = openSheetOf(account.id)
  return (
    <article class={isSelected ? 'account-card selected' : 'account-card'}>
      <header>
        <SelectBox account={account} isSelected={isSelected} deeds={view.deeds} />
        <AccountName account={account} deeds={view.deeds} />
        <MenuButton account={account} isOpen={openSheet === 'menu'} />
      </header>
      <StateCell entry={entry} isOpen={openSheet === 'state'} isTested={accountTests.value.has(account.id)} />
      {account.quota?.left == null ? (
        <span class="hint">
          {text('partIs', { part: partText('quota'), word: wordText(judgement.quota.word) })}
        </span>
      ) : (
        <QuotaCell account={account} />
      )}
      <footer>
        <span class="hint">
          {[planOf(account), account.region].filter((each) => each !== undefined).join(' · ')}
        </span>
        <Tags tags={account.tags} />
        <Heartbeat id={account.id} />
      </footer>
    </article>
  )
}
