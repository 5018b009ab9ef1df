import type { AccountView } from '../../accounts/account-view.ts'
import type { OnlineBench } from '../../composition/online-bench.ts'
import type { Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { jsonOption } from '../show.ts'
import { askForEach } from './change-each.ts'

export function createRetryCommand(cli: Cli): Command {
  return createCommand({
    name: 'retry',
    description: 'Tries accounts that have failed, and switches on those whose sign-in works.',
    examples: ['accounts retry', 'accounts retry work-seat'],
    args: {
      id: {
        type: 'positional',
        required: false,
        description:
          'Ids or labels; without them all that have failed. Those that you switched off stay off.',
      },
      ...jsonOption,
    },
    takesMore: true,
    run: ({ _: names, json }) => {
      const order = { names: names.length === 0 ? ['all'] : names, json, done: 'works' }
      const only = names.length === 0 ? hasFailed : undefined
      return askForEach(cli, { ...order, ...(only && { only }) }, (bench, account) =>
        tryAgain(bench, account, cli),
      )
    },
  })
}

function hasFailed({ status }: AccountView): boolean {
  return status.kind === 'disabled' ? status.by !== 'operator' : status.kind !== 'ready'
}

/** What an account may still spend is asked as well: a sign-in may work for one that the service has suspended. */
async function tryAgain(
  { accounts, quotas }: OnlineBench,
  { id }: AccountView,
  { actor }: Cli,
): Promise<void> {
  await accounts.refresh(id)
  await quotas.readNow(id)
  await accounts.change(id, { enabled: true }, actor)
}
