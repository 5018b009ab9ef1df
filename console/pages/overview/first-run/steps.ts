/** What a newcomer has to do, and what of it is done. Pure. */

export const stepNames = ['password', 'account', 'key', 'request'] as const
export type StepName = (typeof stepNames)[number]
export type Steps = Record<StepName, boolean>

interface Seen {
  hasPassword: boolean
  accounts: readonly { success_count: number }[]
  keys: number
  /** Of the last hour. */
  answered: number
  /** A test request was, in this page. */
  hasTested: boolean
}

export function judgeSteps({ hasPassword, accounts, keys, answered, hasTested }: Seen): Steps {
  const hasAnswered = answered > 0 || accounts.some(({ success_count: count }) => count > 0)
  return {
    password: hasPassword,
    account: accounts.length > 0,
    key: keys > 0,
    request: hasTested || hasAnswered,
  }
}

export function countDone(steps: Steps): number {
  return stepNames.filter((name) => steps[name]).length
}
