import type { Cli } from '../cli.ts'
import { createCommandGroup, type Command } from '../command.ts'
import { createDisableCommand, createEnableCommand } from './enable.ts'
import { createExportCommand } from './export.ts'
import { createImportCommand } from './import.ts'
import { createListCommand } from './list.ts'
import { createRefreshCommand } from './refresh.ts'
import { createRemoveCommand } from './remove.ts'
import { createResetCommand } from './reset.ts'
import { createRetryCommand } from './retry.ts'
import { createStatsCommand } from './stats.ts'
import { createTestCommand } from './test.ts'

export function createAccountsCommand(cli: Cli): Command {
  return createCommandGroup('accounts', 'Looks at accounts and changes them.', {
    list: createListCommand(cli),
    stats: createStatsCommand(cli),
    import: createImportCommand(cli),
    export: createExportCommand(cli),
    enable: createEnableCommand(cli),
    disable: createDisableCommand(cli),
    refresh: createRefreshCommand(cli),
    test: createTestCommand(cli),
    retry: createRetryCommand(cli),
    reset: createResetCommand(cli),
    remove: createRemoveCommand(cli),
  })
}
