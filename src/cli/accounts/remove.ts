import type { AccountView } from '../../accounts/account-view.ts'
import type { Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { confirm } from '../confirm.ts'
import { jsonOption } from '../show.ts'
import { printable } from '../terminal/printable.ts'
import { changeEach } from './change-each.ts'

const MOST_NAMED = 5

export function createRemoveCommand(cli: Cli): Command {
  return createCommand({
    name: 'remove',
    description: 'Removes accounts and their tokens for good.',
    examples: ['accounts remove old-seat', 'accounts remove 3f6c --yes'],
    args: {
      id: { type: 'positional', description: 'Ids or labels of accounts, or `all`.' },
      yes: { type: 'boolean', alias: 'y', description: 'Does not ask.' },
      ...jsonOption,
    },
    takesMore: true,
    run: ({ _: names, yes, json }) => {
      const approve = (accounts: readonly AccountView[]) =>
        confirm(cli, yes, `Remove ${describeAll(accounts)} with all tokens?`)
      return changeEach(cli, { names, json, done: 'removed', approve }, ({ accounts }, { id }) =>
        accounts.remove(id, cli.actor),
      )
    },
  })
}

/** How many they are, and which: `all` may be more than somebody thinks. */
function describeAll(accounts: readonly AccountView[]): string {
  const names = accounts.slice(0, MOST_NAMED).map(({ label, id }) => printable(label ?? id))
  const more = accounts.length > MOST_NAMED ? ` and ${accounts.length - MOST_NAMED} more` : ''
  const count = accounts.length === 1 ? 'one account' : `${accounts.length} accounts`
  return `${count} (${names.join(', ')}${more})`
}
