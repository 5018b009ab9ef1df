/** Accounts on their way out, as a document that an import takes. The form is described in docs/account-export.md. */
import type { Clock } from '../clock.ts'
import type { Actor, EventRecorder } from '../events/event.ts'
import type { AccountTransfer, TransferredAccount } from './account-transfer.ts'

export const EXPORT_FORMAT = 'aqueduct-accounts'
export const EXPORT_VERSION = 1

export interface ExportDocument {
  format: typeof EXPORT_FORMAT
  version: typeof EXPORT_VERSION
  exportedAt: string
  accounts: TransferredAccount[]
}

export interface ExportParts {
  transfer: Pick<AccountTransfer, 'collect'>
  events: Pick<EventRecorder, 'record'>
  clock: Pick<Clock, 'now'>
  by: Actor
}

export interface ExportWishes {
  withSecrets: boolean
  /** What the document becomes. */
  format: 'json' | 'csv'
}

/** All accounts. With their secrets it must not leave unless it is locked. That it was made is recorded first. */
export async function exportAccounts(
  { transfer, events, clock, by }: ExportParts,
  { withSecrets, format }: ExportWishes,
): Promise<ExportDocument> {
  const accounts = await transfer.collect(withSecrets)
  await events.record({
    kind: 'accounts-exported',
    actor: by,
    after: { accounts: accounts.length, withSecrets, format },
  })
  const exportedAt = new Date(clock.now()).toISOString()
  return { format: EXPORT_FORMAT, version: EXPORT_VERSION, exportedAt, accounts }
}
