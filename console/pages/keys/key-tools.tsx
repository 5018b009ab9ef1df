import type { Key } from '../../api/types.ts'
import { formatNumber } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { now } from '../../state/now.ts'
import { changeQuery } from '../../state/route.ts'
import { countGroups, keyGroups, type KeyGroup } from './list-keys.ts'
import { messages } from './messages.ts'

interface KeyToolsProps {
  list: readonly Key[]
  group: KeyGroup
  sought: string
}

export function KeyTools({ list, group, sought }: KeyToolsProps) {
  const text = speak(messages)
  const counts = countGroups(list, now.value)
  return (
    <div class="tools keys-tools">
      <input
        type="search"
        aria-label={text('search')}
        placeholder={text('search')}
        maxLength={200}
        value={sought}
        onInput={(event) => changeQuery({ q: event.currentTarget.value })}
      />
      <div class="chips grow" role="group" aria-label={text('groups')}>
        {keyGroups.map((each) => (
          <button
            key={each}
            type="button"
            class="chip"
            aria-pressed={each === group}
            onClick={() => changeQuery({ state: each === 'current' ? undefined : each })}
          >
            {text(each)} <span class="hint">{formatNumber(counts[each])}</span>
          </button>
        ))}
      </div>
      <Button
        look="primary"
        icon="add"
        title="n"
        onClick={() => changeQuery({ new: '1' }, { replaces: false })}
      >
        {text('create')}
      </Button>
    </div>
  )
}
