/** Accounts out of this gateway and into it. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import * as z from 'zod'
import { isEnvelope, type Envelopes } from '../../access/export-envelope.ts'
import type { OperatorDesk } from '../../access/operators/operator-desk.ts'
import type { NewAccount } from '../../accounts/account-input.ts'
import type { AccountTransfer } from '../../accounts/account-transfer.ts'
import type { Accounts } from '../../accounts/accounts.ts'
import {
  EXPORT_FORMAT,
  EXPORT_VERSION,
  exportAccounts,
  type ExportDocument,
} from '../../accounts/export-accounts.ts'
import { countImported, importAccounts, invalidity, type ImportRow } from '../../accounts/import-accounts.ts'
import type { Clock } from '../../clock.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { parseJson } from '../../conversation/parse-json.ts'
import { parseBody } from '../../dialects/request-body.ts'
import type { EventRecorder } from '../../events/event.ts'
import { actorOf } from '../actor-of.ts'
import { writeAccountsCsv } from './accounts-csv.ts'
import { answering } from './answering.ts'
import { exportAnswer, importAnswer } from './answers.ts'
import { confirmOperator } from './confirm-operator.ts'
import { exportBody, importBody } from './contract.ts'
import { MOST_BODY_BYTES } from '../request-limits.ts'

export interface TransferRouteParts {
  transfer: AccountTransfer
  accounts: Pick<Accounts, 'addAll'>
  envelopes: Envelopes
  desk: Pick<OperatorDesk, 'demandPassword'>
  events: EventRecorder
  clock: Clock
  /** What a body says of an account. Throws `invalid-request`. */
  readAccount: (body: unknown) => NewAccount
}

const exportedAccounts = z.object({
  format: z.literal(EXPORT_FORMAT),
  version: z.literal(EXPORT_VERSION),
  accounts: z.array(z.unknown()).max(100_000),
})

export function registerTransfer(routes: FastifyInstance, parts: TransferRouteParts): void {
  const { desk, events, transfer, envelopes, clock } = parts

  routes.post('/v2/accounts/export', answering(exportAnswer), async (request, reply) => {
    const wishes = parseBody(exportBody, request.body)
    const { include_secrets: withSecrets, passphrase, password, format } = wishes
    refuseOpenSecrets(wishes)
    if (withSecrets) await confirmOperator(request, { desk, password })
    const by = actorOf(request)
    const document = await exportAccounts({ transfer, events, clock, by }, { withSecrets, format })
    if (format === 'csv') return answerCsv(reply, document)
    return passphrase === undefined ? document : envelopes.seal(JSON.stringify(document), passphrase)
  })

  routes.post(
    '/v2/accounts/import',
    { ...answering(importAnswer), bodyLimit: MOST_BODY_BYTES },
    async (request) => {
      const { export: exported, passphrase } = parseBody(importBody, request.body)
      const rows = await openExport(exported, { envelopes, passphrase })
      // One transaction: an export is taken as a whole.
      const imported = await importAccounts(
        rows.map((row, index) => readRow(row, index, parts.readAccount)),
        { accounts: parts.accounts, transfer, by: actorOf(request), rowsAtOnce: Infinity },
      )
      const results = imported.map(({ row: index, ...outcome }) => ({ index, ...outcome }))
      return { ...countImported(imported), results }
    },
  )
}

function refuseOpenSecrets({ include_secrets: withSecrets, passphrase, format }: z.infer<typeof exportBody>) {
  if (withSecrets && passphrase === undefined) {
    throw new GatewayError('invalid-request', 'passphrase: secrets are exported with a passphrase only', {
      field: 'passphrase',
      code: 'missing_required_parameter',
    })
  }
  if (format === 'csv' && passphrase !== undefined) {
    throw new GatewayError('invalid-request', 'format: with a passphrase the export is JSON', {
      field: 'format',
    })
  }
}

async function openExport(
  exported: unknown,
  { envelopes, passphrase }: { envelopes: Envelopes; passphrase: string | undefined },
): Promise<unknown[]> {
  if (!isEnvelope(exported)) return parseBody(exportedAccounts, exported, 'export').accounts
  if (passphrase === undefined) {
    throw new GatewayError('invalid-request', 'passphrase: this export was made with one', {
      field: 'passphrase',
      code: 'missing_required_parameter',
    })
  }
  const text = await envelopes.open(exported, passphrase)
  // Nobody can take it apart and send the parts, so only its length counts, which the body's limits.
  return parseBody(exportedAccounts, parseJson(text, Infinity), 'export').accounts
}

/** Counted from 0, as scripts do. */
function readRow(row: unknown, index: number, readAccount: TransferRouteParts['readAccount']): ImportRow {
  try {
    return { row: index, account: readAccount(row) }
  } catch (error) {
    return { row: index, problem: invalidity(error) }
  }
}

function answerCsv(reply: FastifyReply, { accounts }: ExportDocument): string {
  void reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', 'attachment; filename="accounts.csv"')
  return writeAccountsCsv(accounts)
}
