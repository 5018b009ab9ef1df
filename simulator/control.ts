/** The hand on the simulator: what tests call directly and operators by the control routes. */
import type { SimulatorClock } from './clock.ts'
import type { DeviceLogin, DeviceLogins } from './device-logins.ts'
import type { Identity, Seed, SeededAccount, TraitChanges, Traits } from './identity.ts'
import type { Journal } from './journal.ts'
import type { Plan, Plans } from './plans.ts'
import type { SwitchBoard, SwitchChanges, Switches } from './switches.ts'

interface AccountView extends Traits {
  id: string
  clientId: string
  signedIn: boolean
  refreshes: number
  profileArn: string | undefined
}

export interface Control {
  /** Makes an account with living tokens. */
  seed(seed?: Seed): SeededAccount
  accounts(): AccountView[]
  /** Ends an account's access tokens, or its whole session. False: no such account. */
  revoke(accountId: string, scope: 'access-tokens' | 'session'): boolean
  expireClient(clientId: string): boolean
  /** Changes which models an account has and whether it may send extra fields. False: no such account. */
  configure(accountId: string, changes: TraitChanges): boolean
  plan(...plans: Plan[]): void
  clearPlans(): void
  switches(): Switches
  change(changes: SwitchChanges): void
  /** Moves the simulator's clock forward: tokens, codes and registrations grow older. */
  advance(milliseconds: number): void
  deviceLogins(): DeviceLogin[]
  /** False: no pending login has this user code. */
  approve(userCode: string, accountId?: string): boolean
  deny(userCode: string): boolean
  /** Forgets accounts, logins, plans, switches and journal; the clock keeps its time. */
  reset(): void
}

interface Parts {
  clock: SimulatorClock
  deviceLogins: DeviceLogins
  identity: Identity
  journal: Journal
  plans: Plans
  switches: SwitchBoard
}

export function createControl({ clock, deviceLogins, identity, journal, plans, switches }: Parts): Control {
  return {
    seed: (seed = {}) => identity.seed(seed),
    accounts: () =>
      identity.accounts().map(({ id, clientId, refreshToken, refreshes, profileArn, traits }) => ({
        ...traits,
        id,
        clientId,
        signedIn: refreshToken !== undefined,
        refreshes,
        profileArn,
      })),
    revoke: (accountId, scope) => identity.revoke(accountId, scope),
    expireClient: (clientId) => identity.expireClient(clientId),
    configure: (accountId, changes) => identity.configure(accountId, changes),
    plan(...added) {
      for (const plan of added) plans.add(plan)
    },
    clearPlans: () => plans.clear(),
    switches: () => switches.current(),
    change: (changes) => switches.change(changes),
    advance: (milliseconds) => clock.advance(milliseconds),
    deviceLogins: () => deviceLogins.list(),
    approve: (userCode, accountId) => deviceLogins.decide(userCode, 'approve', accountId),
    deny: (userCode) => deviceLogins.decide(userCode, 'deny'),
    reset() {
      identity.reset()
      deviceLogins.reset()
      plans.clear()
      switches.reset()
      journal.clear()
    },
  }
}
