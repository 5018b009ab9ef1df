/** Accounts that were handed in unseen: stored disabled, looked at in the background, switched on if they work. */
import { toGatewayError, type FailureKind } from '../conversation/failures.ts'
import type { Actor } from '../events/event.ts'
import type { NewAccount } from './account-input.ts'
import type { AccountStore } from './account-store.ts'
import type { AddedAccount, Accounts } from './accounts.ts'
import type { Account } from './account.ts'
import { describeStatusChange } from './describe-change.ts'
import type { FreshCredentials } from './tokens/fresh-credentials.ts'
import type { Pool } from './pool/pool.ts'
import { ready, type AccountStatus } from './status.ts'

const MOST_AT_ONCE = 4
const MOST_ROUNDS = 20

interface VerificationParts {
  accounts: Pick<Accounts, 'add'>
  store: Pick<AccountStore, 'find' | 'save'>
  pool: Pick<Pool, 'put'>
  freshCredentials: Pick<FreshCredentials, 'refreshNow'>
  /** Asks the service what the account has used, which costs nothing. Throws a GatewayError. */
  readUsage: (id: string) => Promise<unknown>
  /** Told of results that could not be stored. */
  report: (error: unknown) => void
}

export interface Verification {
  /** Resolves when all are stored; the rest happens later. */
  feed(inputs: readonly NewAccount[], by?: Actor): Promise<AddedAccount[]>
  /** Looks at no more accounts; resolves when those under way are done. */
  close(): Promise<void>
}

const NOT_FINISHED =
  'It is being checked and will be switched on if it works; if that takes longer than a minute, refresh it by hand.'

export function createVerification(parts: VerificationParts): Verification {
  const { accounts, store, pool, freshCredentials, readUsage, report } = parts
  const waiting: string[] = []
  const lanes = new Set<Promise<void>>()

  async function addDisabled(input: NewAccount, by: Actor | undefined): Promise<AddedAccount> {
    const added = await accounts.add({ ...input, enabled: false }, by)
    if (added.status === 'created') await keepDisabled(added.id, { why: NOT_FINISHED, check: 'under-way' })
    return added
  }

  function keepDisabled(id: string, told: { why: string; check: 'under-way' | 'failed' }): Promise<void> {
    return settle(id, { kind: 'disabled', by: 'operator', ...told })
  }

  /** Unless somebody has decided about it meanwhile; whoever else changes it in the same moment is heeded. */
  async function settle(id: string, status: AccountStatus): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const account = await store.find(id)
      if (account === undefined || !isDisabledByHand(account)) return
      const settled = { ...account, status }
      const happening = describeStatusChange({ account, before: account.status, after: status })
      if (await store.save(settled, { standing: true, happening })) return pool.put(settled)
    }
  }

  function startLanes(): void {
    while (lanes.size < MOST_AT_ONCE && waiting.length > 0) {
      const lane = work().finally(() => lanes.delete(lane))
      lanes.add(lane)
    }
  }

  async function work(): Promise<void> {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await verify(id).catch(report)
  }

  async function verify(id: string): Promise<void> {
    const account = await store.find(id)
    if (account === undefined) return
    try {
      await freshCredentials.refreshNow(account)
      await readUsage(id).catch(throwIfRefused)
    } catch (error) {
      const why = `It did not work when it was checked: ${toGatewayError(error).failure.message}`
      await keepDisabled(id, { why, check: 'failed' })
      return
    }
    await settle(id, ready)
  }

  return {
    async feed(inputs, by) {
      const added: AddedAccount[] = []
      for (const input of inputs) added.push(await addDisabled(input, by))
      waiting.push(...added.flatMap(({ status, id }) => (status === 'created' ? [id] : [])))
      startLanes()
      return added
    },
    async close() {
      waiting.length = 0
      await Promise.all(lanes)
    },
  }
}

/** What says that requests of the account would be refused as well. Anything else only means that its use is not known. */
const REFUSALS: ReadonlySet<FailureKind> = new Set(['suspended', 'access-denied', 'token-expired'])

function throwIfRefused(error: unknown): void {
  if (REFUSALS.has(toGatewayError(error).failure.kind)) throw error
}

/** Anything else means that somebody has decided about it meanwhile. */
function isDisabledByHand({ status }: Account): boolean {
  return status.kind === 'disabled' && status.by === 'operator'
}
