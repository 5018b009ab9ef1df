import type { Cli } from '../cli.ts'
import { createCommandGroup, type Command } from '../command.ts'
import { createDisableCommand, createEnableCommand } from './enable.ts'
import { createListCommand } from './list.ts'

export function createAccountsCommand(cli: Cli): Command {
  return createCommandGroup('accounts', 'Looks at accounts and changes them.', {
    list: createListCommand(cli),
    enable: createEnableCommand(cli),
    disable: createDisableCommand(cli),
  })
}
