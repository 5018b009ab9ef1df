import { speak } from '../../../i18n/messages.ts'
import { nameToChoose } from '../../accounts/account-name.ts'
import { accounts } from '../../accounts/accounts-store.ts'
import { describeApi } from '../../requests/api-names.ts'
import { topTraffic } from '../cards/top-names.ts'
import {
  chooseSubject,
  isTooMany,
  listSubjects,
  readSubject,
  writeSubject,
  type LatencySubject,
} from './latency-subject.ts'
import { messages } from './messages.ts'

/** Of what the times are shown: the models that lead, each API, each account. */
export function SubjectField({ subject }: { subject: string }) {
  const text = speak(messages)
  const list = accounts.state.value.value ?? []
  const models = topTraffic.state.value.value?.top.models ?? []
  const known = listSubjects(
    models.map(({ name }) => name),
    list.map(({ id }) => id),
  )
  const chosen = readSubject(subject)
  const isKnown = chosen === undefined || known.some((each) => writeSubject(each) === subject)
  const options = isKnown ? known : [...known, chosen]
  return (
    <select
      aria-label={text('whose')}
      value={subject}
      onChange={(event) => chooseSubject(event.currentTarget.value)}
    >
      <option value="">{text('ofAll')}</option>
      {options.map((each) => (
        <option key={writeSubject(each)} value={writeSubject(each)}>
          {describe(each)}
        </option>
      ))}
      {isTooMany(list) && <option disabled>{text('ofTooMany')}</option>}
    </select>
  )
}

function describe({ kind, name }: LatencySubject): string {
  const text = speak(messages)
  switch (kind) {
    case 'model':
      return text('ofModel', { name })
    case 'dialect':
      return text('ofDialect', { name: describeApi(name) })
    case 'account':
    default: {
      const account = accounts.state.value.value?.find(({ id }) => id === name)
      return text('ofAccount', { name: account === undefined ? name : nameToChoose(account) })
    }
  }
}
