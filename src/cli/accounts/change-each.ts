import { setImmediate } from 'node:timers/promises'
import type { AccountView } from '../../accounts/account-view.ts'
import type { OnlineBench } from '../../composition/online-bench.ts'
import type { Workbench } from '../../composition/workbench.ts'
import { toGatewayError } from '../../conversation/failures.ts'
import type { Cli } from '../cli.ts'
import { CommandError } from '../command-error.ts'
import { show } from '../show.ts'
import { createColours } from '../terminal/colours.ts'
import { printable } from '../terminal/printable.ts'
import { findAccounts } from './find-accounts.ts'
import { createProgress } from './progress.ts'

interface Order {
  /** Ids, labels, or `all`. */
  names: readonly string[]
  json: boolean | undefined
  /** What has happened to an account, in one word. */
  done: string
  /** Leaves out what it is not true for. */
  only?: (account: AccountView) => boolean
  /** Throws when it shall not be done to these. */
  approve?: (accounts: readonly AccountView[]) => Promise<void>
}

interface Outcome {
  id: string
  label: string | null
  result: string
  error?: string
}

type Change<Bench> = (bench: Bench, account: AccountView) => Promise<unknown>

/** Does the same to each account, one after the other, and says what came of it. Fails at the end when one has failed. */
export async function changeEach(cli: Cli, order: Order, change: Change<Workbench>): Promise<void> {
  tell(cli, order, await cli.work((bench) => changeAll(bench, { cli, order, change })))
}

/** The same with what asks the service. */
export async function askForEach(cli: Cli, order: Order, change: Change<OnlineBench>): Promise<void> {
  tell(cli, order, await cli.workOnline((bench) => changeAll(bench, { cli, order, change })))
}

async function changeAll<Bench extends Pick<Workbench, 'accounts'>>(
  bench: Bench,
  { cli, order, change }: { cli: Cli; order: Order; change: Change<Bench> },
): Promise<Outcome[]> {
  const found = (await findAccounts(bench.accounts, order.names)).filter(order.only ?? (() => true))
  if (found.length > 0) await order.approve?.(found)
  const told: Outcome[] = []
  const progress = createProgress(cli.terminal, found.length)
  for (const account of found) {
    if (cli.terminal.interrupted.aborted) break
    told.push(await changeOne(account, order.done, () => change(bench, account)))
    progress.add(1)
    // A database in a file answers without a pause, in which nobody could interrupt and no memory would be given back.
    await setImmediate()
  }
  progress.end()
  return told
}

function tell(cli: Cli, order: Order, outcomes: readonly Outcome[]): void {
  if (outcomes.length === 0) cli.terminal.interrupted.throwIfAborted()
  show(cli, order.json, { data: { results: outcomes }, text: () => writeOutcomes(outcomes, cli) })
  // What was done until then has been told.
  cli.terminal.interrupted.throwIfAborted()
  const failed = outcomes.filter(({ error }) => error !== undefined).length
  if (failed > 0) throw new CommandError(`${failed} of ${outcomes.length} did not work.`)
}

/** What went wrong with one account is its result. */
async function changeOne(
  { id, label }: AccountView,
  done: string,
  change: () => Promise<unknown>,
): Promise<Outcome> {
  try {
    await change()
    return { id, label, result: done }
  } catch (error) {
    const { message, forOperator } = toGatewayError(error).failure
    return { id, label, result: 'failed', error: forOperator ?? message }
  }
}

function writeOutcomes(outcomes: readonly Outcome[], { terminal }: Cli): string {
  const colours = createColours(terminal.hasColours)
  if (outcomes.length === 0) return 'There is nothing to do.\n'
  return outcomes
    .map(({ id, label, result, error }) => {
      const name = printable(label ?? id)
      return error === undefined
        ? `${colours.good(result)} ${name}\n`
        : `${colours.bad(result)} ${name}: ${printable(error)}\n`
    })
    .join('')
}
