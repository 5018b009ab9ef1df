import { isEnabled, type Account } from '../account.ts'

const WINDOW_MS = 600_000

/**
 * Whether one more account may be disabled for its strikes: within ten minutes never more than half, rounded up, of
 * those that were enabled. When many fail at once, something else than the accounts is to blame.
 */
export function mayDisableOneMore(accounts: Iterable<Pick<Account, 'status'>>, now: number): boolean {
  let enabled = 0
  let disabledLately = 0
  for (const account of accounts) {
    const { status } = account
    if (isEnabled(account)) enabled += 1
    else if (
      status.kind === 'disabled' &&
      status.by === 'threshold' &&
      status.at.getTime() > now - WINDOW_MS
    ) {
      disabledLately += 1
    }
  }
  return disabledLately + 1 <= Math.ceil((enabled + disabledLately) / 2)
}
