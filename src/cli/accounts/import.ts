import { countImported, importAccounts, type ImportedRow } from '../../accounts/import-accounts.ts'
import type { Workbench } from '../../composition/workbench.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import { createAccountReader } from '../../http/admin/read-account.ts'
import type { ReadAccount, Source, SourceRow } from '../../import-sources/source.ts'
import { hasData, type Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { CommandError } from '../command-error.ts'
import { confirm } from '../confirm.ts'
import { jsonOption } from '../show.ts'
import { printable } from '../terminal/printable.ts'
import { findSource, type SourcePlace } from './find-source.ts'
import { countOf, showImport } from './import-report.ts'
import { passphraseOption } from '../passphrase.ts'
import { createProgress } from './progress.ts'
import { readFound } from './read-found.ts'
import { rehearseImport } from './rehearse-import.ts'

const MOST_LABEL_CHARACTERS = 200

export function createImportCommand(cli: Cli): Command {
  return createCommand({
    name: 'import',
    description:
      'Takes accounts over from q2api, the Amazon Q CLI, Kiro, or an export. The source stays as it is; what is here already, too.',
    examples: [
      'accounts import ../q2api --dry-run',
      'accounts import ../q2api/data.sqlite3 --label-prefix old-',
      'accounts import kiro-cli --yes',
      'accounts import move.json --passphrase-file passphrase.txt',
    ],
    args: {
      source: {
        type: 'positional',
        required: true,
        description:
          "A file, q2api's folder, postgres://…, mysql://…, amazon-q, kiro-cli, kiro-ide, or - for standard input.",
      },
      'dry-run': { type: 'boolean', description: 'Tells what would be done, and does nothing.' },
      disabled: { type: 'boolean', description: 'Imports all accounts switched off.' },
      'label-prefix': { type: 'string', description: 'Goes before every label.', valueHint: 'text' },
      ...passphraseOption,
      yes: { type: 'boolean', alias: 'y', description: 'Does not ask.' },
      ...jsonOption,
    },
    run: async (args) => {
      const order: Order = {
        cli,
        place: findSource(args.source, cli),
        isDryRun: args['dry-run'] === true,
        isDisabled: args.disabled === true,
        labelPrefix: args['label-prefix'],
        passphraseFile: args['passphrase-file'],
        yes: args.yes,
        json: args.json,
      }
      // A rehearsal leaves nothing behind, not even an empty database.
      if (order.isDryRun && !hasData(cli.config())) return report(order, await rehearse(order))
      await cli.work(async (bench) => report(order, await importFound(bench, order)), {
        mayCreate: !order.isDryRun,
      })
    },
  })
}

interface Order {
  cli: Cli
  place: SourcePlace
  isDryRun: boolean
  isDisabled: boolean
  labelPrefix: string | undefined
  passphraseFile: string | undefined
  yes: boolean | undefined
  json: boolean | undefined
}

interface Outcome {
  source: Source
  results: ImportedRow[]
}

/** Before there is any data. Which models there are is known only later, so that no account is refused for them. */
async function rehearse(order: Order): Promise<Outcome> {
  const readBody = createAccountReader({ findKnown: () => undefined, list: () => [] })
  const readAccount: ReadAccount = (body) =>
    readBody(typeof body === 'object' ? { ...body, models: null } : body)
  const source = await read(order, readAccount)
  return { source, results: await rehearseImport(source.rows) }
}

async function importFound({ models, transfer, accounts }: Workbench, order: Order): Promise<Outcome> {
  const { cli, yes } = order
  const source = await read(order, createAccountReader(models))
  const { rows } = source
  if (order.isDryRun) return { source, results: await rehearseImport(rows, await transfer.indexTokens()) }
  const count = rows.filter((row) => 'account' in row).length
  if (count > 0) await confirm(cli, yes, `Import ${countOf(count)}?`)
  const progress = createProgress(cli.terminal, rows.length)
  const results = await importAccounts(rows, {
    accounts,
    transfer,
    by: cli.actor,
    signal: cli.terminal.interrupted,
    report: (lot) => progress.add(lot.length),
  })
  progress.end()
  return { source, results }
}

/** Tells what was found before anything is done with it. */
async function read(order: Order, readAccount: ReadAccount): Promise<Source> {
  const { cli, place, passphraseFile } = order
  const source = await readFound(place, { cli, readAccount, passphraseFile })
  const rows = source.rows.map((row) => withWishes(row, order))
  const count = rows.filter((row) => 'account' in row).length
  const rest = rows.length - count
  const unfit = rest === 0 ? '' : `, and ${rest} that cannot be imported`
  cli.terminal.note(
    `${printable(place.name)}: ${describeKind(source.kind)} with ${countOf(count)}${unfit}.\n`,
  )
  if (count > 0) cli.terminal.note(`${source.warning}\n`)
  return { ...source, rows }
}

function withWishes(row: SourceRow, { isDisabled, labelPrefix }: Order): SourceRow {
  if (!('account' in row)) return row
  const { account } = row
  const prefix = printable(labelPrefix ?? '')
  const label = `${prefix}${account.label ?? row.row}`.slice(0, MOST_LABEL_CHARACTERS).toWellFormed()
  return {
    ...row,
    ...(prefix !== '' && { name: label }),
    account: {
      ...account,
      ...(prefix !== '' && { label }),
      ...(isDisabled && { enabled: false }),
    },
  }
}

function describeKind(kind: Source['kind']): string {
  switch (kind) {
    case 'aqueduct-export':
      return 'an export of a gateway'
    case 'json':
      return 'JSON'
    case 'csv':
      return 'a table'
    case 'q2api-sqlite':
      return 'a database of q2api'
    case 'q2api-postgres':
      return 'a database of q2api on PostgreSQL'
    case 'q2api-mysql':
      return 'a database of q2api on MySQL'
    case 'amazon-q-cli':
      return 'the Amazon Q CLI'
    case 'kiro-cli':
      return 'the Kiro CLI'
    case 'kiro-ide':
      return 'the Kiro IDE'
    default:
      return unreachable(kind)
  }
}

/** Fails when a row could not be imported, or there was no time for all. */
function report({ cli, isDryRun, json }: Order, { source, results }: Outcome): void {
  const { rows } = source
  showImport(cli, json, { source, results, isDryRun })
  const left = rows.length - results.length
  if (left > 0) {
    cli.terminal.note(
      `Interrupted: ${countImported(results).created} were imported and stay, ${left} rows were not looked at. The same command goes on from there.\n`,
    )
    throw new CommandError('Interrupted.')
  }
  const { invalid } = countImported(results)
  if (invalid > 0) {
    const verb = isDryRun ? 'cannot be imported' : 'could not be imported'
    throw new CommandError(`${invalid} of ${rows.length} rows ${verb}.`)
  }
}
