import type { AccountView } from '../../accounts/account-view.ts'
import type { Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { jsonOption, show } from '../show.ts'
import { createColours, type Colours } from '../terminal/colours.ts'
import { writeTable, type Column } from '../terminal/write-table.ts'

export function createListCommand(cli: Cli): Command {
  return createCommand({
    name: 'list',
    description: 'Lists the accounts, the newest first.',
    examples: ['accounts list', 'accounts list --disabled --json'],
    args: {
      enabled: { type: 'boolean', description: 'Only those that are switched on.' },
      disabled: { type: 'boolean', description: 'Only those that are switched off.' },
      ...jsonOption,
    },
    run: async ({ enabled, disabled, json }) => {
      const wanted = enabled === disabled ? {} : { enabled: enabled === true }
      const accounts = await cli.work((bench) =>
        bench.accounts.list({ ...wanted, sortBy: 'created_at', sortOrder: 'desc' }),
      )
      show(cli, json, { data: { accounts, count: accounts.length }, text: () => writeList(accounts, cli) })
    },
  })
}

function writeList(accounts: readonly AccountView[], { terminal }: Pick<Cli, 'terminal'>): string {
  if (accounts.length === 0) return 'No accounts. Add one: aqueduct sign-in\n'
  return writeTable(accounts, columnsFor(createColours(terminal.hasColours)), terminal.columns)
}

function columnsFor(colours: Colours): Column<AccountView>[] {
  return [
    { title: 'ID', read: ({ id }) => id },
    { title: 'LABEL', read: ({ label }) => label ?? '-' },
    {
      title: 'STATUS',
      read: ({ status }) => status.kind,
      paint: (text, { status }) => paintStatus(status.kind, text, colours),
    },
    { title: 'OK', isNumber: true, read: ({ success_count: count }) => String(count) },
    { title: 'ERRORS', isNumber: true, read: ({ error_count: count }) => String(count) },
    { title: 'TOKEN UNTIL', read: ({ expires_at: at }) => at ?? '-' },
    { title: 'WHY', read: ({ status }) => (status.kind === 'ready' ? '' : status.message) },
  ]
}

function paintStatus(kind: AccountView['status']['kind'], text: string, colours: Colours): string {
  if (kind === 'ready') return colours.good(text)
  return kind === 'disabled' ? colours.faint(text) : colours.doubtful(text)
}
