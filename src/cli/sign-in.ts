import { renderUnicodeCompact } from 'uqr'
import type { Cancel } from '../clock.ts'
import type { OnlineBench } from '../composition/online-bench.ts'
import { parseBody } from '../dialects/request-body.ts'
import { startSignInBody } from '../http/admin/contract.ts'
import type { SignIns, StartWishes } from '../sign-in/sign-ins.ts'
import { findAccounts } from './accounts/find-accounts.ts'
import type { Cli } from './cli.ts'
import { createCommand, type Command } from './command.ts'
import { CommandError } from './command-error.ts'
import { jsonOption, show } from './show.ts'
import { createColours } from './terminal/colours.ts'
import { printable } from './terminal/printable.ts'

const LOOK_MS = 1000

type Start = Awaited<ReturnType<SignIns['start']>>

export function createSignInCommand(cli: Cli): Command {
  return createCommand({
    name: 'sign-in',
    description: 'Signs an account in: shows a link, its code and a QR code, and waits for the approval.',
    examples: [
      'sign-in --label work',
      'sign-in --label team --start-url https://example.awsapps.com/start --region eu-central-1',
      'sign-in --again work',
    ],
    args: {
      label: { type: 'string', description: 'What the account is called.' },
      'start-url': {
        type: 'string',
        description: 'Of an Identity Center; without it a Builder ID signs in.',
      },
      region: { type: 'string', description: "The Identity Center's region." },
      again: {
        type: 'string',
        description: 'Signs this account in again: its id or label.',
        valueHint: 'account',
      },
      qr: {
        type: 'boolean',
        default: true,
        description: 'Shows a QR code.',
        negativeDescription: 'Shows none.',
      },
      ...jsonOption,
    },
    run: async ({ label, 'start-url': startUrl, region, again, qr, json }) => {
      const account = await cli.workOnline(
        async (bench) => {
          const accountId = again === undefined ? undefined : await findOne(bench, again)
          const start = await bench.signIns.start(
            readWishes({ label, startUrl, region, accountId }),
            cli.actor,
          )
          tell(start, cli, qr)
          return bench.accounts.get(await waitForEnd(bench.signIns, start, cli))
        },
        { mayCreate: true },
      )
      const name = printable(account.label ?? account.id)
      show(cli, json, { data: account, text: () => `signed in ${name} (${account.id})\n` })
    },
  })
}

/** As the management API reads them. Throws `invalid-request`. */
function readWishes(given: Readonly<Record<string, string | undefined>>): StartWishes {
  const { label, startUrl, region, accountId } = parseBody(startSignInBody, given)
  return {
    ...(label != null && { label }),
    ...(startUrl != null && { startUrl }),
    ...(region != null && { region }),
    ...(accountId != null && { accountId }),
  }
}

async function findOne({ accounts }: OnlineBench, name: string): Promise<string> {
  const [account] = await findAccounts(accounts, [name])
  if (account === undefined) throw new CommandError(`There is no account "${name}".`)
  return account.id
}

/** To standard error: the answer is the account. */
function tell({ verificationUriComplete: link, userCode }: Start, { terminal }: Cli, wantsQr: boolean): void {
  const { strong } = createColours(terminal.hasColours)
  const shown = printable(link)
  const picture = wantsQr && terminal.isInteractive ? `\n${renderUnicodeCompact(link)}\n` : ''
  terminal.note(
    `Open this link and approve the code ${strong(printable(userCode))}:\n\n  ${shown}\n${picture}\n`,
  )
}

/** Answers the account's id. An interruption cancels the sign-in. Throws a CommandError when it did not come about. */
async function waitForEnd(signIns: SignIns, { authId }: Start, cli: Cli): Promise<string> {
  const { terminal, clock } = cli
  const stop = terminal.isInteractive ? showRemaining(signIns, authId, cli) : () => {}
  try {
    const claim = await signIns.claim(authId, terminal.interrupted)
    if (claim.kind === 'completed') return claim.accountId
    const message = claim.kind === 'known' ? claim.view.error : claim.message
    throw new CommandError(message ?? 'The sign-in did not come about.')
  } catch (error) {
    if (terminal.interrupted.aborted) {
      await signIns.cancel(authId)
      throw new CommandError(`The sign-in was cancelled at ${new Date(clock.now()).toISOString()}.`)
    }
    throw error
  } finally {
    stop()
  }
}

/** Counts down in place, until it is stopped. */
function showRemaining(signIns: SignIns, authId: string, { terminal, clock }: Cli): () => void {
  let isStopped = false
  let cancel: Cancel | undefined
  async function look(): Promise<void> {
    const { remaining } = await signIns.status(authId)
    if (isStopped) return
    const minutes = Math.floor(remaining / 60)
    terminal.note(`\rWaiting for the approval, ${minutes}:${String(remaining % 60).padStart(2, '0')} left `)
    cancel = clock.after(LOOK_MS, () => void look().catch(() => {}))
  }
  void look().catch(() => {})
  return () => {
    isStopped = true
    cancel?.()
    terminal.note('\r\u001b[K')
  }
}
