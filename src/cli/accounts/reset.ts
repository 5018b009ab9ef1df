import type { Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { jsonOption } from '../show.ts'
import { changeEach } from './change-each.ts'

export function createResetCommand(cli: Cli): Command {
  return createCommand({
    name: 'reset',
    description: 'Forgets the failures of accounts and switches them on, without trying them.',
    examples: ['accounts reset work-seat', 'accounts reset all'],
    args: {
      id: { type: 'positional', description: 'Ids or labels of accounts, or `all`.' },
      ...jsonOption,
    },
    takesMore: true,
    run: ({ _: names, json }) =>
      changeEach(cli, { names, json, done: 'reset' }, async ({ accounts }, { id }) => {
        // Switching off forgets what only time would end.
        await accounts.change(id, { enabled: false }, cli.actor)
        await accounts.change(id, { enabled: true }, cli.actor)
      }),
  })
}
