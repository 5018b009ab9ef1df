import type { Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { jsonOption } from '../show.ts'
import { askForEach } from './change-each.ts'

export function createRefreshCommand(cli: Cli): Command {
  return createCommand({
    name: 'refresh',
    description: 'Fetches new tokens now, whether they are due or not.',
    examples: ['accounts refresh work-seat', 'accounts refresh all'],
    args: {
      id: { type: 'positional', description: 'Ids or labels of accounts, or `all`.' },
      ...jsonOption,
    },
    takesMore: true,
    run: ({ _: names, json }) =>
      askForEach(cli, { names, json, done: 'refreshed' }, ({ accounts }, { id }) => accounts.refresh(id)),
  })
}
