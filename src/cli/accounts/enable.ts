import type { Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { jsonOption } from '../show.ts'
import { changeEach } from './change-each.ts'

const args = {
  id: { type: 'positional', description: 'Ids or labels of accounts, or `all`.' },
  ...jsonOption,
} as const

export function createEnableCommand(cli: Cli): Command {
  return createCommand({
    name: 'enable',
    description: 'Switches accounts on.',
    examples: ['accounts enable work-seat', 'accounts enable all'],
    args,
    takesMore: true,
    run: ({ _: names, json }) =>
      changeEach(cli, { names, json, done: 'enabled' }, ({ accounts }, { id }) =>
        accounts.change(id, { enabled: true }, cli.actor),
      ),
  })
}

export function createDisableCommand(cli: Cli): Command {
  return createCommand({
    name: 'disable',
    description: 'Switches accounts off. Answers under way are finished.',
    examples: ['accounts disable work-seat'],
    args,
    takesMore: true,
    run: ({ _: names, json }) =>
      changeEach(cli, { names, json, done: 'disabled' }, ({ accounts }, { id }) =>
        accounts.change(id, { enabled: false }, cli.actor),
      ),
  })
}
