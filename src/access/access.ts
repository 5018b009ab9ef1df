/** Says who may make a request: takes the decision of decide-access.ts and carries out what it demands. */
import { GatewayError } from '../conversation/failures.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { AccessRequest } from './access-request.ts'
import { ANYONE, type Caller, type Operator } from './caller.ts'
import type { ClientKeys } from './client-keys.ts'
import { decideAccess, type Stance } from './decide-access.ts'
import type { LocalMode } from './local-mode.ts'
import type { Operators } from './operators/operators.ts'
import type { PeerUserCheck } from './peer-user.ts'

export interface Access {
  /** Says who makes the request. Throws a GatewayError unless it may be made. */
  check(request: AccessRequest): Promise<Caller>
}

interface AccessParts extends Pick<Stance, 'boundToLoopback' | 'openApiAllowed'> {
  allowedOrigins: () => Stance['allowedOrigins']
  clientKeys: ClientKeys
  operators: Operators
  /** Without one the operator is served in local mode or not at all. */
  isPasswordSet: () => Promise<boolean>
  /** Undefined: there is no way in without a password. */
  localMode: LocalMode | undefined
  isOwnUser: PeerUserCheck
}

const LOCAL: Operator = { kind: 'operator', via: 'local' }

export function createAccess(parts: AccessParts): Access {
  const { clientKeys, operators, isPasswordSet, localMode, isOwnUser } = parts

  async function stanceTowards({ route }: AccessRequest): Promise<Stance> {
    const isForOperator = route === 'operator' || route === 'door'
    const passwordExists = isForOperator && (await isPasswordSet())
    return {
      boundToLoopback: parts.boundToLoopback,
      openApiAllowed: parts.openApiAllowed,
      allowedOrigins: parts.allowedOrigins(),
      keysExist: clientKeys.exist(),
      passwordExists,
      localModeEndedAt: isForOperator && !passwordExists ? await localMode?.endedAt() : undefined,
    }
  }

  async function refuseOtherUsers({ connection }: AccessRequest): Promise<void> {
    if (await isOwnUser(connection)) return
    throw new GatewayError(
      'forbidden',
      'Without a password this is for programs of the user who runs the gateway: set ADMIN_PASSWORD.',
    )
  }

  return {
    async check(request) {
      await localMode?.watch(request)
      const decision = decideAccess(request, await stanceTowards(request))
      switch (decision.kind) {
        case 'allow':
          return ANYONE
        case 'demand-key':
          return { kind: 'key', ...clientKeys.check(request.headers, request.connection.remoteAddress) }
        case 'demand-operator':
          return operators.identify(request)
        case 'demand-own-user':
          await refuseOtherUsers(request)
          return LOCAL
        case 'refuse': {
          const { failure, message, code } = decision
          throw new GatewayError(failure, message, code === undefined ? {} : { code })
        }
        default:
          return unreachable(decision)
      }
    },
  }
}
