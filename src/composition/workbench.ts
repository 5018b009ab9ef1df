/**
 * The gateway's records for one command of the operator, one more process on the same data. Nothing runs beside the command,
 * no service is asked, and no token is touched.
 */
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { createAccounts } from '../accounts/accounts.ts'
import { createTokenKeeper } from '../accounts/tokens/token-keeper.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { GatewayError } from '../conversation/failures.ts'
import { createKnownModels } from '../models/known-models.ts'
import { readLedger } from '../quotas/ledger.ts'
import { catalogue } from '../upstreams/amazon-q/catalogue.ts'
import { closeInOrder } from './close-in-order.ts'
import { openKeyDesk } from './open-key-desk.ts'
import { openTransfer } from './open-transfer.ts'
import { openRecords, type Records } from './records.ts'

export type Workbench = Awaited<ReturnType<typeof openWorkbench>>

export interface BenchWishes {
  clock: Clock
  /** Whether the data may be made, where there is none yet. */
  mayCreate: boolean
}

/** Close it with `close()`. Throws a StartError when only the operator can help. */
export async function openWorkbench(config: Config, logger: Logger, { clock, mayCreate }: BenchWishes) {
  const records = await openRecords(config, logger, { clock, visit: { mayCreate } })
  const { database, events, store, spill, quotaStore, keys, keyUses } = records
  const report = (error: unknown) => logger.error({ err: error }, 'could not store')
  const tokenKeeper = createTokenKeeper({ store, spill, clock, report })
  try {
    const ledger = await readLedger(quotaStore, () => clock.now())
    return {
      events,
      accounts: openAccounts(records, { tokenKeeper, ledger }),
      keys: openKeyDesk(records),
      models: createKnownModels({
        catalogue,
        aliases: config.modelAliases,
        replacesRetired: config.replacesRetiredModels,
      }),
      ...openTransfer(records),
      close: () =>
        closeInOrder(
          [
            [() => tokenKeeper.close(), () => keyUses.close()],
            // What was sealed counts against the life of its key.
            [() => keys.countUses()],
            [() => database.destroy()],
          ],
          report,
        ),
    }
  } catch (error) {
    await database.destroy()
    throw error
  }
}

interface AccountParts {
  tokenKeeper: ReturnType<typeof createTokenKeeper>
  ledger: Awaited<ReturnType<typeof readLedger>>
}

function openAccounts({ store, clock }: Records, { tokenKeeper, ledger }: AccountParts) {
  return createAccounts({
    store,
    freshCredentials: {
      forget: (id) => tokenKeeper.forget(id),
      refreshNow: () =>
        Promise.reject(new GatewayError('internal', 'Nothing is refreshed without the service.')),
    },
    keeper: tokenKeeper,
    quotaOf: (id) => ledger.quotaOf(id),
    createId: randomUUID,
    clock,
  })
}
