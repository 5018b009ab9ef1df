import type { AccountView } from '../../accounts/account-view.ts'
import { viewUsage } from '../../accounts/view-quota.ts'
import type { Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { jsonOption, show } from '../show.ts'
import { createColours } from '../terminal/colours.ts'
import { writeTable, type Column } from '../terminal/write-table.ts'

interface AccountStats {
  account: AccountView
  usage: ReturnType<typeof viewUsage>
}

export function createStatsCommand(cli: Cli): Command {
  return createCommand({
    name: 'stats',
    description: 'Sums up the accounts: how many serve, what they did, what they may still spend.',
    examples: ['accounts stats', 'accounts stats --json'],
    args: jsonOption,
    run: async ({ json }) => {
      const stats = await cli.work(async ({ accounts, quotas }) => {
        const list = await accounts.list({ sortBy: 'success_count', sortOrder: 'desc' })
        return Promise.all(
          list.map(async (account) => ({
            account,
            usage: viewUsage(await quotas.usageOf(account.id), cli.clock.now()),
          })),
        )
      })
      show(cli, json, { data: sumUp(stats), text: () => writeStats(stats, cli) })
    },
  })
}

function sumUp(stats: readonly AccountStats[]) {
  const byStatus: Record<string, number> = {}
  for (const { account } of stats) {
    byStatus[account.status.kind] = (byStatus[account.status.kind] ?? 0) + 1
  }
  const sum = (read: (each: AccountStats) => number | null) =>
    stats.reduce((total, each) => total + (read(each) ?? 0), 0)
  return {
    accounts: stats.length,
    byStatus,
    answers: sum(({ account }) => account.success_count),
    errors: sum(({ account }) => account.error_count),
    creditsLeft: sum(({ usage }) => usage.left),
    each: stats.map(({ account, usage }) => ({
      id: account.id,
      label: account.label,
      status: account.status.kind,
      answers: account.success_count,
      errors: account.error_count,
      plan: usage.plan,
      creditsLeft: usage.left,
      creditsLimit: usage.limit,
      resetsAt: usage.resetsAt,
    })),
  }
}

function writeStats(stats: readonly AccountStats[], { terminal }: Cli): string {
  const { accounts, byStatus, answers, errors, creditsLeft } = sumUp(stats)
  const { strong } = createColours(terminal.hasColours)
  const statuses = Object.entries(byStatus).map(([kind, count]) => `${count} ${kind}`)
  const totals = [
    `${strong('Accounts')}      ${accounts}${statuses.length === 0 ? '' : ` (${statuses.join(', ')})`}`,
    `${strong('Answers')}       ${answers}`,
    `${strong('Errors in a row')}  ${errors}`,
    `${strong('Credits left')}  ${creditsLeft}`,
  ]
  const table = stats.length === 0 ? '' : `\n${writeTable(stats, columns, terminal.columns)}`
  return `${totals.join('\n')}\n${table}`
}

const columns: Column<AccountStats>[] = [
  { title: 'ID', read: ({ account }) => account.id.slice(0, 8) },
  { title: 'LABEL', read: ({ account }) => account.label ?? '-' },
  { title: 'STATUS', read: ({ account }) => account.status.kind },
  { title: 'ANSWERS', isNumber: true, read: ({ account }) => String(account.success_count) },
  { title: 'PLAN', read: ({ usage }) => usage.plan ?? '-' },
  { title: 'LEFT', isNumber: true, read: ({ usage }) => writeCredits(usage.left) },
  { title: 'OF', isNumber: true, read: ({ usage }) => writeCredits(usage.limit) },
  { title: 'RESETS', read: ({ usage }) => usage.resetsAt ?? '-' },
]

function writeCredits(credits: number | null): string {
  return credits === null ? '-' : String(Math.round(credits * 10) / 10)
}
