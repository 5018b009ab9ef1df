import type { AccountView } from '../../accounts/account-view.ts'
import type { Accounts } from '../../accounts/accounts.ts'
import { beginsWith } from '../begins-with.ts'
import { CommandError, UsageError } from '../command-error.ts'

const ALL = 'all'

/** By id, its first four or more characters, or label; each once. Throws a CommandError when a name means none of them, or several. */
export async function findAccounts(
  accounts: Pick<Accounts, 'list'>,
  names: readonly string[],
): Promise<AccountView[]> {
  if (names.length === 0) throw new UsageError('Say which accounts: ids, labels, or `all`.')
  if (names.includes(ALL) && names.length > 1) throw new UsageError('Say `all` alone, or which accounts.')
  const known = await accounts.list({ sortBy: 'created_at', sortOrder: 'asc' })
  if (names.includes(ALL)) return known
  return [...new Set(names.map((name) => findOne(known, name)))]
}

function findOne(known: readonly AccountView[], name: string): AccountView {
  const byId = known.find(({ id }) => id === name)
  if (byId !== undefined) return byId
  const byLabel = known.filter(({ label }) => label === name)
  const matches = byLabel.length > 0 ? byLabel : known.filter(({ id }) => beginsWith(id, name))
  const [match, ...others] = matches
  if (match === undefined) throw new CommandError(`There is no account "${name}".`)
  if (others.length > 0) {
    throw new CommandError(`"${name}" means ${matches.length} accounts: say it by their ids.`)
  }
  return match
}
