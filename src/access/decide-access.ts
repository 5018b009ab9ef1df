/** Who may make which request: one pure decision, read from top to bottom. */
import type { FailureKind } from '../conversation/failures.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { AccessRequest } from './access-request.ts'
import { findDetour, isFromForeignPage } from './origin-of-request.ts'

/** How the gateway stands at the moment of the request. */
export interface Stance {
  boundToLoopback: boolean
  /** While there is no key, the model APIs are open. */
  keysExist: boolean
  /** ALLOW_OPEN_API: open also beyond this machine. */
  openApiAllowed: boolean
  /** Origins whose pages may use open model APIs. */
  allowedOrigins: readonly string[]
  passwordExists: boolean
  /** When a request came that showed a proxy in front; undefined while local mode is possible. */
  localModeEndedAt: string | undefined
}

export type Decision =
  | { kind: 'allow' }
  /** It may be made by whoever carries one of the keys, … */
  | { kind: 'demand-key' }
  /** … is known to be the operator, … */
  | { kind: 'demand-operator' }
  /** … or is a program of the user who runs the gateway. */
  | { kind: 'demand-own-user' }
  | { kind: 'refuse'; failure: FailureKind; code?: string; message: string }

export function decideAccess(request: AccessRequest, stance: Stance): Decision {
  if (request.hosts.length > 1) {
    return { kind: 'refuse', failure: 'invalid-request', message: 'The request has more than one Host.' }
  }
  switch (request.route) {
    case 'public':
      return { kind: 'allow' }
    case 'model':
      return stance.keysExist ? { kind: 'demand-key' } : decideOpenApi(request, stance)
    case 'operator':
    case 'door':
      return stance.passwordExists ? decideWithPassword(request) : decideLocalMode(request, stance)
    default:
      return unreachable(request.route)
  }
}

function decideOpenApi(request: AccessRequest, stance: Stance): Decision {
  if (!stance.openApiAllowed) {
    if (!stance.boundToLoopback) {
      return forbid(
        'This gateway listens on a network and has no key: set OPENAI_KEYS, or ALLOW_OPEN_API=1 to serve everybody.',
      )
    }
    const detour = findDetour(request)
    if (detour !== undefined) {
      return forbid(
        `Without a key the models are for this machine alone, and the request does not come straight from it (${detour}): set OPENAI_KEYS.`,
      )
    }
  }
  if (isFromForeignPage(request, stance.allowedOrigins)) {
    return forbid('Without a key the models are not for pages of another origin: set OPENAI_KEYS.')
  }
  return { kind: 'allow' }
}

function decideWithPassword(request: AccessRequest): Decision {
  if (!isFromForeignPage(request)) return { kind: request.route === 'door' ? 'allow' : 'demand-operator' }
  return forbid(
    'Accounts are not managed by pages of another origin. (A proxy in front has to pass the Host header on.)',
  )
}

function decideLocalMode(request: AccessRequest, stance: Stance): Decision {
  if (!stance.boundToLoopback) {
    return {
      kind: 'refuse',
      failure: 'overloaded-here',
      code: 'password_required',
      message:
        'This gateway listens on a network and has no password, so this is closed: set ADMIN_PASSWORD.',
    }
  }
  if (stance.localModeEndedAt !== undefined) {
    return forbid(
      `Access without a password ended when a request showed a proxy in front (${stance.localModeEndedAt}; the log has it): set ADMIN_PASSWORD.`,
    )
  }
  const detour = findDetour(request)
  if (detour !== undefined) {
    return forbid(
      `Without a password this is for this machine alone, and the request does not come straight from it (${detour}): set ADMIN_PASSWORD.`,
    )
  }
  if (isFromForeignPage(request)) {
    return forbid(
      'Accounts are not managed by pages of another origin. Programs can, with ADMIN_PASSWORD set.',
    )
  }
  return { kind: 'demand-own-user' }
}

function forbid(message: string): Decision {
  return { kind: 'refuse', failure: 'forbidden', message }
}
