import { existsSync } from 'node:fs'
import { exportAccounts, type ExportDocument } from '../../accounts/export-accounts.ts'
import type { Workbench } from '../../composition/workbench.ts'
import { parseBody } from '../../dialects/request-body.ts'
import { writeAccountsCsv } from '../../http/admin/accounts-csv.ts'
import { exportBody } from '../../http/admin/contract.ts'
import type { Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { UsageError } from '../command-error.ts'
import { confirm } from '../confirm.ts'
import { jsonOption, show } from '../show.ts'
import { printable } from '../terminal/printable.ts'
import { passphraseOption, readNewPassphrase } from '../passphrase.ts'
import { writePrivately } from './write-privately.ts'

/** Stands for standard output. */
const OUTPUT = '-'

export function createExportCommand(cli: Cli): Command {
  return createCommand({
    name: 'export',
    description:
      'Writes all accounts into a file: without their secrets, or with them, locked by a passphrase.',
    examples: [
      'accounts export accounts.json',
      'accounts export --with-secrets move.json',
      'accounts export --format csv - > accounts.csv',
    ],
    args: {
      file: { type: 'positional', required: true, description: 'Where to; - is standard output.' },
      format: { type: 'enum', options: ['json', 'csv'], default: 'json', description: 'json or csv.' },
      'with-secrets': {
        type: 'boolean',
        description: 'With client secrets and tokens, to be imported elsewhere; a passphrase locks it.',
      },
      ...passphraseOption,
      yes: { type: 'boolean', alias: 'y', description: 'Replaces a file without asking.' },
      ...jsonOption,
    },
    run: async ({
      file,
      format,
      'with-secrets': wantsSecrets,
      'passphrase-file': passphraseFile,
      yes,
      json,
    }) => {
      const withSecrets = wantsSecrets === true
      if (withSecrets && format === 'csv') throw new UsageError('Secrets are exported as JSON alone.')
      if (!withSecrets && passphraseFile !== undefined) {
        throw new UsageError('A passphrase locks secrets: say --with-secrets, too.')
      }
      const path = file === OUTPUT ? undefined : cli.pathOf(file)
      if (path !== undefined && existsSync(path)) {
        await confirm(cli, yes, `${printable(file)} is there already. Replace it?`)
      }
      const wishes = { withSecrets, format: format === 'csv' ? 'csv' : 'json' } as const
      const passphrase = withSecrets ? await askForPassphrase(cli, passphraseFile) : undefined
      const { text, document } = await cli.work((bench) => writeExport(bench, { cli, wishes, passphrase }))
      tellOfLost(document, withSecrets, cli)
      if (path === undefined) return cli.terminal.write(text)
      await writePrivately({ path, name: file }, text)
      const count = document.accounts.length
      show(cli, json, {
        data: { file: path, accounts: count, withSecrets, format: wishes.format },
        text: () => `exported ${count} ${count === 1 ? 'account' : 'accounts'} to ${printable(file)}\n`,
      })
    },
  })
}

/** As the management API wants it. */
async function askForPassphrase(cli: Cli, file: string | undefined): Promise<string | undefined> {
  const given = await readNewPassphrase(cli, file)
  return parseBody(exportBody, { include_secrets: true, passphrase: given }).passphrase
}

interface ExportOrder {
  cli: Cli
  wishes: Parameters<typeof exportAccounts>[1]
  passphrase: string | undefined
}

async function writeExport(
  { transfer, events, envelopes }: Workbench,
  { cli, wishes, passphrase }: ExportOrder,
): Promise<{ text: string; document: ExportDocument }> {
  const { clock, actor: by } = cli
  const document = await exportAccounts({ transfer, events, clock, by }, wishes)
  if (wishes.format === 'csv') return { document, text: writeAccountsCsv(document.accounts) }
  const written =
    passphrase === undefined ? document : await envelopes.seal(JSON.stringify(document), passphrase)
  return { document, text: `${JSON.stringify(written, undefined, 2)}\n` }
}

function tellOfLost({ accounts }: ExportDocument, withSecrets: boolean, { terminal }: Cli): void {
  const lost = withSecrets ? accounts.filter(({ clientSecret }) => clientSecret === undefined) : []
  for (const { id, label } of lost) {
    terminal.note(`${printable(label ?? id)} is in it without its secrets: they cannot be opened here.\n`)
  }
}
