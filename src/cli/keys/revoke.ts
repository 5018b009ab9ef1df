import type { Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { confirm } from '../confirm.ts'
import { jsonOption, show } from '../show.ts'
import { printable } from '../terminal/printable.ts'
import { findKey, viewKey } from './key-view.ts'

export function createRevokeCommand(cli: Cli): Command {
  return createCommand({
    name: 'revoke',
    description: 'Ends a key for good. What it has used stays listed.',
    examples: ['keys revoke laptop', 'keys revoke laptop --yes'],
    args: {
      name: { type: 'positional', required: true, description: 'Its name or id.' },
      yes: { type: 'boolean', alias: 'y', description: 'Does not ask.' },
      ...jsonOption,
    },
    run: async ({ name, yes, json }) => {
      await cli.work(async ({ keys }) => {
        const { id, name: called } = await findKey(keys, name)
        await confirm(cli, yes, `Revoke ${printable(called)}? Clients that use it are refused from now on.`)
        const key = await keys.revoke(id, cli.actor)
        show(cli, json, {
          data: viewKey(key, cli.clock.now()),
          text: () => `revoked ${printable(key.name)}\n`,
        })
      })
    },
  })
}
