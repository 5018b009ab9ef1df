/** What can be shared by a link is in the address: the API, and who is asked. */
import { effect, untracked } from '@preact/signals'
import { changeQuery, route } from '../../../state/route.ts'
import { isDialectName } from '../dialects.ts'
import { NO_WISHES } from '../request/turns.ts'
import { aimAt, aims, changeWishes, compare, isComparing, wishes } from './playground-state.ts'

/** As long as the page is shown. Answers how to stop. */
export function followAddress(): () => void {
  readAddress()
  return effect(writeAddress)
}

function readAddress(): void {
  const { query } = route.peek()
  const dialect = query.get('dialect')
  if (isDialectName(dialect)) changeWishes({ dialect })
  aimAt('first', given({ model: query.get('model'), accountId: query.get('account') }))
  aimAt('second', given({ model: query.get('model2'), accountId: query.get('account2') }))
  if (query.has('model2') && !isComparing.peek()) compare(true)
}

function given(read: { model: string | null; accountId: string | null }): {
  model?: string
  accountId?: string
} {
  const { model, accountId } = read
  return { ...(model !== null && { model }), ...(accountId !== null && { accountId }) }
}

function writeAddress(): void {
  const { first, second } = aims.value
  const isTwo = isComparing.value
  const { dialect } = wishes.value
  untracked(() => {
    if (route.value.page !== 'playground') return
    changeQuery({
      dialect: dialect === NO_WISHES.dialect ? undefined : dialect,
      model: first.model,
      account: first.accountId,
      model2: isTwo ? second.model : undefined,
      account2: isTwo ? second.accountId : undefined,
    })
  })
}
