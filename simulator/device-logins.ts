/** Device authorizations in progress: polled by a client, decided by a person, a test or a switch. */
import type { SimulatorClock } from './clock.ts'
import type { Ids } from './ids.ts'
import type { OidcErrorName } from './oidc-errors.ts'
import type { SwitchBoard, Switches } from './switches.ts'
import { unreachable } from './unreachable.ts'

export interface DeviceLogin {
  userCode: string
  startUrl: string
  state: 'pending' | 'approved' | 'denied' | 'used'
  polls: number
  /** Milliseconds since the epoch. */
  expiresAt: number
}

type Poll =
  | { kind: 'approved'; accountId: string | undefined; startUrl: string }
  | { kind: 'refused'; name: OidcErrorName; description: string }

export interface DeviceLogins {
  /** The JSON of StartDeviceAuthorization. */
  start(clientId: string, place: { startUrl: string; origin: string }): Record<string, unknown>
  poll(clientId: string, deviceCode: string): Poll
  /** `accountId` is the account that the login will belong to; absent, a new one. False: no such code. */
  decide(userCode: string, decision: 'approve' | 'deny', accountId?: string): boolean
  list(): DeviceLogin[]
  reset(): void
}

interface Login extends DeviceLogin {
  clientId: string
  accountId: string | undefined
  intervalMs: number
  lastPollAt: number | undefined
}

interface Parts {
  clock: SimulatorClock
  ids: Ids
  switches: SwitchBoard
}

export function createDeviceLogins({ clock, ids, switches }: Parts): DeviceLogins {
  const logins = new Map<string, Login>()

  /** True when the client polled faster than it was told; it is then told to slow down more. */
  function tooFast(login: Login): boolean {
    const now = clock.now()
    const fast = login.lastPollAt !== undefined && now - login.lastPollAt < login.intervalMs
    login.lastPollAt = now
    if (fast) login.intervalMs += switches.current().slowDownPenaltySeconds * 1000
    return fast
  }

  function judge(login: Login): Poll {
    if (login.expiresAt <= clock.now()) return refuse('ExpiredTokenException', 'The device code has expired.')
    if (tooFast(login)) return refuse('SlowDownException', 'The client polls too fast.')
    login.polls += 1
    const { approveAtPoll } = switches.current()
    if (login.state === 'pending' && approveAtPoll !== null && login.polls >= approveAtPoll) {
      login.state = 'approved'
    }
    switch (login.state) {
      case 'pending':
        return refuse('AuthorizationPendingException', 'The login was not approved yet.')
      case 'denied':
        return refuse('AccessDeniedException', 'The login was denied.')
      case 'used':
        return refuse('InvalidGrantException', 'The device code was used before.')
      case 'approved':
        login.state = 'used'
        return { kind: 'approved', accountId: login.accountId, startUrl: login.startUrl }
      default:
        return unreachable(login.state)
    }
  }

  return {
    start(clientId, { startUrl, origin }) {
      const { deviceCodeLifeSeconds, pollIntervalSeconds } = switches.current()
      const [deviceCode, userCode] = [ids.deviceCode(), ids.userCode()]
      logins.set(deviceCode, {
        clientId,
        userCode,
        startUrl,
        accountId: undefined,
        state: 'pending',
        polls: 0,
        expiresAt: clock.now() + deviceCodeLifeSeconds * 1000,
        intervalMs: pollIntervalSeconds * 1000,
        lastPollAt: undefined,
      })
      const page = findPage(switches.current(), { startUrl, origin })
      return {
        deviceCode,
        userCode,
        verificationUri: page,
        verificationUriComplete: `${page}?user_code=${userCode}`,
        expiresIn: deviceCodeLifeSeconds,
        interval: pollIntervalSeconds,
      }
    },
    poll(clientId, deviceCode) {
      const login = logins.get(deviceCode)
      if (login === undefined || login.clientId !== clientId) {
        return refuse('InvalidGrantException', 'Invalid device code provided')
      }
      return judge(login)
    },
    decide(userCode, decision, accountId) {
      const login = [...logins.values()].find((each) => each.userCode === userCode)
      if (login?.state !== 'pending') return false
      login.state = decision === 'approve' ? 'approved' : 'denied'
      login.accountId = accountId
      return true
    },
    list: () =>
      Array.from(logins.values(), ({ userCode, startUrl, state, polls, expiresAt }) => ({
        userCode,
        startUrl,
        state,
        polls,
        expiresAt,
      })),
    reset: () => logins.clear(),
  }
}

function findPage({ verificationUri, approvalPage }: Switches, place: { startUrl: string; origin: string }) {
  if (verificationUri !== null) return verificationUri
  if (approvalPage) return `${place.origin}/__simulator/device`
  return `${place.startUrl.replace(/\/$/, '')}/#/device`
}

function refuse(name: OidcErrorName, description: string): Poll {
  return { kind: 'refused', name, description }
}
