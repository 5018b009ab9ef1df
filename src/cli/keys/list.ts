import type { Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { jsonOption, show } from '../show.ts'
import { createColours, type Colours } from '../terminal/colours.ts'
import { writeTable, type Column } from '../terminal/write-table.ts'
import { viewKey, type KeyView } from './key-view.ts'

export function createListCommand(cli: Cli): Command {
  return createCommand({
    name: 'list',
    description: 'Lists the keys that were made, the oldest first.',
    examples: ['keys list'],
    args: jsonOption,
    run: async ({ json }) => {
      const now = cli.clock.now()
      const keys = await cli.work(async (bench) => (await bench.keys.list()).map((key) => viewKey(key, now)))
      const listed = cli.config().openaiKeys.length
      show(cli, json, {
        data: { keys, count: keys.length, inEnvironment: listed },
        text: () => writeKeys(keys, cli) + writeListed(listed),
      })
    },
  })
}

function writeKeys(keys: readonly KeyView[], { terminal }: Cli): string {
  if (keys.length === 0) return 'No keys were made. Make one: aqueduct keys create NAME\n'
  return writeTable(keys, columnsFor(createColours(terminal.hasColours)), terminal.columns)
}

function writeListed(count: number): string {
  return count === 0 ? '' : `OPENAI_KEYS lists ${count} more.\n`
}

function columnsFor({ good, faint, doubtful }: Colours): Column<KeyView>[] {
  return [
    { title: 'ID', read: ({ id }) => id.slice(0, 8) },
    { title: 'NAME', read: ({ name }) => name },
    { title: 'BEGINS', read: ({ prefix }) => prefix ?? '-' },
    {
      title: 'STATUS',
      read: ({ status }) => status,
      paint: (text, { status }) =>
        status === 'active' ? good(text) : status === 'rotating' ? doubtful(text) : faint(text),
    },
    { title: 'LAST USED', read: ({ last_used_at: at }) => at ?? 'never' },
    { title: 'EXPIRES', read: ({ expires_at: at }) => at ?? 'never' },
  ]
}
