import type { AccountView } from '../../accounts/account-view.ts'
import type { Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { jsonOption, show } from '../show.ts'
import { createColours } from '../terminal/colours.ts'
import { writeTable, type Column } from '../terminal/write-table.ts'

export function createStatsCommand(cli: Cli): Command {
  return createCommand({
    name: 'stats',
    description: 'Sums up the accounts: how many serve, what they did, what they may still spend.',
    examples: ['accounts stats', 'accounts stats --json'],
    args: jsonOption,
    run: async ({ json }) => {
      const accounts = await cli.work((bench) =>
        bench.accounts.list({ sortBy: 'success_count', sortOrder: 'desc' }),
      )
      show(cli, json, { data: sumUp(accounts), text: () => writeStats(accounts, cli) })
    },
  })
}

function sumUp(accounts: readonly AccountView[]) {
  const byStatus: Record<string, number> = {}
  for (const { status } of accounts) byStatus[status.kind] = (byStatus[status.kind] ?? 0) + 1
  const sum = (read: (account: AccountView) => number | null | undefined) =>
    accounts.reduce((total, account) => total + (read(account) ?? 0), 0)
  return {
    accounts: accounts.length,
    byStatus,
    answers: sum((account) => account.success_count),
    errors: sum((account) => account.error_count),
    creditsLeft: sum(({ quota }) => quota?.left),
    each: accounts.map((account) => ({
      id: account.id,
      label: account.label,
      status: account.status.kind,
      answers: account.success_count,
      errors: account.error_count,
      plan: account.quota?.plan ?? null,
      creditsLeft: account.quota?.left ?? null,
      creditsLimit: account.quota?.limit ?? null,
      resetsAt: account.quota?.resetsAt ?? null,
    })),
  }
}

function writeStats(listed: readonly AccountView[], { terminal }: Cli): string {
  const { accounts, byStatus, answers, errors, creditsLeft } = sumUp(listed)
  const { strong } = createColours(terminal.hasColours)
  const statuses = Object.entries(byStatus).map(([kind, count]) => `${count} ${kind}`)
  const totals = [
    `${strong('Accounts')}      ${accounts}${statuses.length === 0 ? '' : ` (${statuses.join(', ')})`}`,
    `${strong('Answers')}       ${answers}`,
    `${strong('Errors in a row')}  ${errors}`,
    `${strong('Credits left')}  ${writeCredits(creditsLeft)}`,
  ]
  const table = listed.length === 0 ? '' : `\n${writeTable(listed, columns, terminal.columns)}`
  return `${totals.join('\n')}\n${table}`
}

const columns: Column<AccountView>[] = [
  { title: 'ID', read: ({ id }) => id.slice(0, 8) },
  { title: 'LABEL', read: ({ label }) => label ?? '-' },
  { title: 'STATUS', read: ({ status }) => status.kind },
  { title: 'ANSWERS', isNumber: true, read: ({ success_count: count }) => String(count) },
  { title: 'PLAN', read: ({ quota }) => quota?.plan ?? '-' },
  { title: 'LEFT', isNumber: true, read: ({ quota }) => writeCredits(quota?.left) },
  { title: 'OF', isNumber: true, read: ({ quota }) => writeCredits(quota?.limit) },
  { title: 'RESETS', read: ({ quota }) => quota?.resetsAt ?? '-' },
]

function writeCredits(credits: number | null | undefined): string {
  return credits == null ? '-' : String(Math.round(credits * 10) / 10)
}
