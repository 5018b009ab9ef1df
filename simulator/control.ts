/** The hand on the simulator: what tests call directly and operators by the control routes. */
import type { SimulatorClock } from './clock.ts'
import type { DeviceLogin, DeviceLogins } from './device-logins.ts'
import type { HomeRegions } from './home-regions.ts'
import type { Identity, Seed, SeededAccount } from './identity.ts'
import type { Journal } from './journal.ts'
import { renewTraits } from './metering.ts'
import type { Plan, Plans } from './plans.ts'
import type { SwitchBoard, SwitchChanges, Switches } from './switches.ts'
import type { TraitChanges, Traits } from './traits.ts'

interface AccountView extends Traits {
  id: string
  clientId: string
  signedIn: boolean
  refreshes: number
}

export interface Control {
  /** Makes an account with living tokens. */
  seed(seed?: Seed): SeededAccount
  accounts(): AccountView[]
  /** Ends an account's access tokens, or its whole session. False: no such account. */
  revoke(accountId: string, scope: 'access-tokens' | 'session'): boolean
  expireClient(clientId: string): boolean
  /** Changes how the service treats an account. False: no such account. */
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
  homeRegions: HomeRegions
  identity: Identity
  journal: Journal
  plans: Plans
  switches: SwitchBoard
}

export function createControl(parts: Parts): Control {
  const { clock, deviceLogins, homeRegions, identity, journal, plans, switches } = parts
  return {
    seed: (seed = {}) => identity.seed(seed),
    accounts: () =>
      identity.accounts().map((account) => {
        renewTraits(account, clock.now())
        const { id, clientId, refreshToken, refreshes, traits } = account
        return { ...traits, id, clientId, signedIn: refreshToken !== undefined, refreshes }
      }),
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
      homeRegions.reset()
      plans.clear()
      switches.reset()
      journal.clear()
    },
  }
}
