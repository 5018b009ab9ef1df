import type { Cli } from '../cli.ts'
import { createCommandGroup, type Command } from '../command.ts'
import { createCreateCommand } from './create.ts'
import { createListCommand } from './list.ts'
import { createRevokeCommand } from './revoke.ts'
import { createRotateCommand } from './rotate.ts'

export function createKeysCommand(cli: Cli): Command {
  return createCommandGroup('keys', 'Looks at the keys of clients, makes and revokes them.', {
    list: createListCommand(cli),
    create: createCreateCommand(cli),
    rotate: createRotateCommand(cli),
    revoke: createRevokeCommand(cli),
  })
}
