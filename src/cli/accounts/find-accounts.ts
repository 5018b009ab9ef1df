import type { AccountView } from '../../accounts/account-view.ts'
import type { Accounts } from '../../accounts/accounts.ts'
import { CommandError, UsageError } from '../command-error.ts'

const ALL = 'all'

/** By id, by the beginning of an id, or by label; each once. Throws a CommandError when a name means none of them, or several. */
export async function findAccounts(
  accounts: Pick<Accounts, 'list'>,
  names: readonly string[],
): Promise<AccountView[]> {
  if (names.length === 0) throw new UsageError('Say which accounts: ids, labels, or `all`.')
  const known = await accounts.list({ sortBy: 'created_at', sortOrder: 'asc' })
  if (names.includes(ALL)) return known
  return [...new Set(names.map((name) => findOne(known, name)))]
}

function findOne(known: readonly AccountView[], name: string): AccountView {
  const byId = known.find(({ id }) => id === name)
  if (byId !== undefined) return byId
  const byLabel = known.filter(({ label }) => label === name)
  const matches = byLabel.length > 0 ? byLabel : known.filter(({ id }) => id.startsWith(name))
  const [match, ...others] = matches
  if (match === undefined) throw new CommandError(`There is no account "${name}".`)
  if (others.length > 0) {
    throw new CommandError(`"${name}" means ${matches.length} accounts: say it by their ids.`)
  }
  return match
}
