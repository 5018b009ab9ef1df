import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Empty } from '../../parts/states.tsx'
import { changeQuery } from '../../state/route.ts'
import { noWishes, writeWishes } from './list-address.ts'
import { messages } from './messages.ts'

/** Three doors, and what is kept of those who come in. */
export function AccountsEmpty() {
  const text = speak(messages)
  return (
    <Empty
      icon="accounts"
      title={text('emptyTitle')}
      action={
        <>
          <Button look="primary" icon="add" onClick={() => changeQuery({ add: '1' })}>
            {text('withAws')}
          </Button>
          <Button icon="upload" onClick={() => changeQuery({ import: '1' })}>
            {text('import')}
          </Button>
          <Button icon="edit" onClick={() => changeQuery({ hand: '1' })}>
            {text('byHand')}
          </Button>
        </>
      }
    >
      <p>{text('emptyReason')}</p>
      <p class="hint">{text('emptyStored')}</p>
    </Empty>
  )
}

export function NoMatch() {
  const text = speak(messages)
  return (
    <Empty
      icon="filter"
      title={text('noMatch')}
      action={<Button onClick={() => changeQuery(writeWishes(noWishes))}>{text('clear')}</Button>}
    >
      <p>{text('noMatchReason')}</p>
    </Empty>
  )
}
