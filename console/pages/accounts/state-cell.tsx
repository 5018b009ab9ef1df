import { useId, useRef, useState } from 'preact/hooks'
import { speak } from '../../i18n/messages.ts'
import { Icon, type IconName } from '../../parts/icon.tsx'
import { place } from '../../parts/menu.tsx'
import type { Tone } from '../../parts/badge.tsx'
import { shownName } from './account-deeds.ts'
import { partNames, worstPart } from './account-state.ts'
import { AccountState } from './account-state.tsx'
import { accountTests } from './account-tests.ts'
import type { Entry } from './list-accounts.ts'
import { messages } from './messages.ts'
import { partMessages, wordMessages } from './state-messages.ts'
import { TestResult } from './test-result.tsx'

const icons: Record<Tone, IconName> = { good: 'check', warn: 'warn', bad: 'error', idle: 'off', busy: 'wait' }

/** The four parts as marks, with the word of the worst; all of it opens where it is pressed. */
export function StateCell({ entry: { account, judgement } }: { entry: Entry }) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const sheet = useRef<HTMLDivElement>(null)
  const [isOpen, setOpen] = useState(false)
  const text = speak(messages)
  const partText = speak(partMessages)
  const wordText = speak(wordMessages)
  const parts = partNames.map((name) => ({
    name,
    tone: judgement[name].tone,
    says: text('partIs', { part: partText(name), word: wordText(judgement[name].word) }),
  }))
  const worst = worstPart(judgement)
  const shown = worst ?? 'traffic'
  return (
    <div class="state-cell">
      <button type="button" ref={button} class="state-button" popovertarget={id} aria-haspopup="dialog">
        {parts.map(({ name, tone, says }) => (
          <span key={name} class={`state-mark ${tone}`} title={says}>
            <Icon name={icons[tone]} />
            <span class="unseen">{says}. </span>
          </span>
        ))}
        <span class={`state-word ${judgement[shown].tone}`} aria-hidden="true">
          {wordText(judgement[shown].word)}
        </span>
      </button>
      {accountTests.value.has(account.id) && <TestResult id={account.id} isBrief />}
      <div
        ref={sheet}
        id={id}
        popover="auto"
        class="menu state-sheet"
        role="dialog"
        aria-label={text('stateOf', { name: shownName(account) })}
        onBeforeToggle={(event) => setOpen(event.newState === 'open')}
        onToggle={(event) => {
          if (event.newState === 'open') place(button.current, sheet.current, { isAtStart: true })
        }}
      >
        {isOpen && <AccountState account={account} />}
      </div>
    </div>
  )
}
