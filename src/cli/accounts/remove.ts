import type { Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { confirm } from '../confirm.ts'
import { jsonOption } from '../show.ts'
import { changeEach } from './change-each.ts'

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
    run: async ({ _: names, yes, json }) => {
      await confirm(cli, yes, `Remove ${names.join(', ')} with all tokens?`)
      await changeEach(cli, { names, json, done: 'removed' }, ({ accounts }, { id }) =>
        accounts.remove(id, cli.actor),
      )
    },
  })
}
