import { createAccountsCommand } from './accounts/index.ts'
import { createBackupCommand } from './backup.ts'
import type { Cli } from './cli.ts'
import { createCommandGroup, type Command } from './command.ts'
import { createDoctorCommand } from './doctor/index.ts'
import { createKeysCommand } from './keys/index.ts'
import { createRestoreCommand } from './restore.ts'
import { createSetupCommand } from './setup/index.ts'
import { createSignInCommand } from './sign-in.ts'

/** Every command there is. `start` is the launcher's, which knows what has to be installed and built first. */
export function createAqueduct(cli: Cli): Command {
  return createCommandGroup('aqueduct', "Looks after the gateway's accounts, keys and data.", {
    accounts: createAccountsCommand(cli),
    keys: createKeysCommand(cli),
    backup: createBackupCommand(cli),
    restore: createRestoreCommand(cli),
    doctor: createDoctorCommand(cli),
    setup: createSetupCommand(cli),
    'sign-in': createSignInCommand(cli),
  })
}
