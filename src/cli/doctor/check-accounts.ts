import type { AccountView } from '../../accounts/account-view.ts'
import { bad, doubtful, good, type Finding } from './finding.ts'

const SUBJECT = 'Accounts'
const MOST_NAMED = 3

/** Each kind of trouble once, with those that have it. */
export function checkAccounts(accounts: readonly AccountView[]): Finding[] {
  if (accounts.length === 0) {
    return [bad(SUBJECT, 'There is none.', 'Add one: aqueduct sign-in, or aqueduct accounts import FILE')]
  }
  const usable = accounts.filter(({ status, readable }) => readable && status.kind === 'ready')
  const summary = `${usable.length} of ${accounts.length} can serve.`
  const first =
    usable.length === 0
      ? bad(SUBJECT, summary, 'See below, or: aqueduct accounts list')
      : good(SUBJECT, summary)
  return [first, ...troubles(accounts)]
}

function troubles(accounts: readonly AccountView[]): Finding[] {
  const of = (kind: AccountView['status']['kind']) => accounts.filter(({ status }) => status.kind === kind)
  const unreadable = accounts.filter(({ readable }) => !readable)
  const found = [
    tell(
      unreadable,
      'have secrets that this master key does not open.',
      'Give the master key that they were stored with, or sign them in again.',
    ),
    tell(of('needs-sign-in'), 'have to sign in again.', 'aqueduct sign-in --again ACCOUNT'),
    tell(of('parked'), 'were refused by AWS for good.', 'Ask AWS; then aqueduct accounts enable ACCOUNT'),
    tell(of('misconfigured'), 'do not work as they are set up.', 'aqueduct accounts list says why.'),
    tell(of('exhausted'), 'have used up their quota.', 'Wait for its reset, or add an account.'),
    tell(
      accounts.filter(({ status }) => status.kind === 'disabled' && status.by !== 'operator'),
      'were switched off after many failures.',
      'aqueduct accounts retry',
    ),
  ]
  return found.filter((each) => each !== undefined)
}

function tell(which: readonly AccountView[], says: string, remedy: string): Finding | undefined {
  if (which.length === 0) return undefined
  const names = which.slice(0, MOST_NAMED).map(({ label, id }) => label ?? id.slice(0, 8))
  const more = which.length > MOST_NAMED ? ` and ${which.length - MOST_NAMED} more` : ''
  return doubtful(SUBJECT, `${names.join(', ')}${more} ${says}`, remedy)
}
