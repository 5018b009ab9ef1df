import { speak } from '../../../i18n/messages.ts'
import { nameToChoose } from '../../accounts/account-name.ts'
import { accounts } from '../../accounts/accounts-store.ts'
import { topTraffic } from '../cards/top-names.ts'
import { chooseSubject, readSubject, writeSubject, type LatencySubject } from './latency-subject.ts'
import { messages } from './messages.ts'

/** A longer list is not to be chosen from. */
const MOST_ACCOUNTS = 200
/** Names that the gateway had no room for. */
const OTHERS = '*'
const dialects = ['openai-chat', 'openai-responses', 'anthropic-messages'] as const

/** Of what the times are shown: the models that lead, each API, each account. */
export function SubjectField({ subject }: { subject: string }) {
  const text = speak(messages)
  const known = subjects()
  const chosen = readSubject(subject)
  const isKnown = chosen === undefined || known.some((each) => writeSubject(each) === subject)
  const options = isKnown ? known : [...known, chosen]
  return (
    <select
      aria-label={text('of')}
      value={subject}
      onChange={(event) => chooseSubject(event.currentTarget.value)}
    >
      <option value="">{text('ofAll')}</option>
      {options.map((each) => (
        <option key={writeSubject(each)} value={writeSubject(each)}>
          {describe(each)}
        </option>
      ))}
    </select>
  )
}

function subjects(): LatencySubject[] {
  const models = topTraffic.state.value.value?.top.models ?? []
  const list = accounts.state.value.value ?? []
  return [
    ...models.flatMap(({ name }) => (name === OTHERS ? [] : [{ kind: 'model' as const, name }])),
    ...dialects.map((name) => ({ kind: 'dialect' as const, name })),
    ...(list.length > MOST_ACCOUNTS ? [] : list.map(({ id }) => ({ kind: 'account' as const, name: id }))),
  ]
}

function describe({ kind, name }: LatencySubject): string {
  const text = speak(messages)
  switch (kind) {
    case 'model':
      return text('ofModel', { name })
    case 'dialect': {
      const dialect = dialects.find((each) => each === name)
      return text('ofDialect', { name: dialect === undefined ? name : text(dialect) })
    }
    case 'account':
    default: {
      const account = accounts.state.value.value?.find(({ id }) => id === name)
      return text('ofAccount', { name: account === undefined ? name : nameToChoose(account) })
    }
  }
}
