import { countImported, type ImportedRow } from '../../accounts/import-accounts.ts'
import type { Source } from '../../import-sources/source.ts'
import type { Cli } from '../cli.ts'
import { show } from '../show.ts'
import { createColours, type Colours } from '../terminal/colours.ts'
import { writeTable, type Column } from '../terminal/write-table.ts'

/** Of more rows people are shown only those that need them; JSON has all. */
const MOST_SHOWN_ROWS = 100

interface ImportReport {
  source: Source
  results: readonly ImportedRow[]
  isDryRun: boolean
}

interface Line extends ImportedRow {
  name?: string
}

export function countOf(accounts: number): string {
  return `${accounts} ${accounts === 1 ? 'account' : 'accounts'}`
}

export function showImport(
  cli: Cli,
  wantsJson: boolean | undefined,
  { source, results, isDryRun }: ImportReport,
): void {
  const names = new Map(source.rows.map(({ row, name }) => [row, name]))
  const lines = results.map((result): Line => {
    const name = names.get(result.row)
    return { ...result, ...(name !== undefined && { name }) }
  })
  const { kind, rows } = source
  const counts = countImported(results)
  show(cli, wantsJson, {
    data: { source: kind, dryRun: isDryRun, rows: rows.length, ...counts, results: lines },
    text: () => writeLines(lines, isDryRun, cli) + writeCounts(counts, isDryRun),
  })
}

function writeLines(lines: readonly Line[], isDryRun: boolean, { terminal }: Cli): string {
  const shown = lines.length <= MOST_SHOWN_ROWS ? lines : lines.filter(({ status }) => status === 'invalid')
  if (shown.length === 0) return ''
  return `${writeTable(shown, columnsFor(createColours(terminal.hasColours), isDryRun), terminal.columns)}\n`
}

function columnsFor(colours: Colours, isDryRun: boolean): Column<Line>[] {
  return [
    { title: 'ROW', isNumber: true, read: ({ row }) => String(row) },
    { title: 'LABEL', read: ({ name }) => name ?? '-' },
    {
      title: 'RESULT',
      read: ({ status }) => (isDryRun && status === 'created' ? 'would be created' : status),
      paint: (text, { status }) => paintStatus(status, text, colours),
    },
    { title: 'WHY', read: ({ error }) => error ?? '' },
  ]
}

function paintStatus(status: ImportedRow['status'], text: string, colours: Colours): string {
  if (status === 'created') return colours.good(text)
  return status === 'duplicate' ? colours.faint(text) : colours.bad(text)
}

function writeCounts(
  { created, duplicates, invalid }: ReturnType<typeof countImported>,
  isDryRun: boolean,
): string {
  const verb = isDryRun ? 'would be created' : 'created'
  return `${created} ${verb}, ${duplicates} ${duplicates === 1 ? 'duplicate' : 'duplicates'}, ${invalid} invalid\n`
}
