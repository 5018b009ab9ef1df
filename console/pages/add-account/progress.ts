/** The steps from a code to an account that serves, as far as the gateway tells them. */
import type { Account, AccountUsage } from '../../api/types.ts'
import type { Wizard } from './wizard.ts'

export const stepNames = ['waiting', 'approved', 'tokens', 'profile', 'quota', 'ready'] as const
export type StepName = (typeof stepNames)[number]
export type StepState = 'done' | 'now' | 'next' | 'unknown'

export interface Known {
  account?: Pick<Account, 'identity' | 'profileInUse' | 'quota' | 'status'> | undefined
  usage?: Pick<AccountUsage, 'readAt'> | undefined
  /** Nothing more will be learned of the quota now. */
  hasNoQuota?: boolean
}

/** One is in progress at most, and what lies behind it is still to come. */
export function listSteps(wizard: Wizard, known: Known = {}): { name: StepName; state: StepState }[] {
  const states = stepNames.map((name) => ({ name, state: stateOf(name, wizard, known) }))
  const at = states.findIndex(({ state }) => state === 'now')
  return states.map((step, index) => ({ ...step, state: at >= 0 && index > at ? 'next' : step.state }))
}

function stateOf(name: StepName, wizard: Wizard, { account, usage, hasNoQuota }: Known): StepState {
  const isDone = wizard.kind === 'done'
  switch (name) {
    case 'waiting':
    case 'approved':
    case 'tokens':
      return isDone || wizard.kind === 'approved' ? 'done' : 'now'
    case 'profile':
      if (!isDone || account === undefined) return 'now'
      return account.identity !== null || account.profileInUse !== null ? 'done' : 'unknown'
    case 'quota':
      if (account?.quota != null || usage?.readAt != null) return 'done'
      return hasNoQuota === true ? 'unknown' : 'now'
    case 'ready':
    default:
      return account?.status.kind === 'ready' ? 'done' : 'unknown'
  }
}
