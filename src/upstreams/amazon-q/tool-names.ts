/** Tool names that the service accepts, and the way back to the client's own. */

import { createHash } from 'node:crypto'
import { createUniqueNames } from './unique-names.ts'

/** Names by request: what the client calls a tool, and what we call it towards the service. */
export interface ToolNames {
  toService(clientName: string): string
  /** Models at times change the case of a name, so that is forgiven; an invented name stays as it is. */
  toClient(serviceName: string): string
}

/** The official client demands a letter first, then letters, digits, `_`; hyphens are accepted as well. */
const VALID_NAME = /^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/
const MAX_NAME_LENGTH = 64

/**
 * `declared` are the tools on offer, `used` the names in the conversation so far. The service wants names that are
 * unique without regard to case (protocol S12), so later clashes get a suffix. A used name that differs from a declared one
 * only by case means that one.
 */
export function createToolNames(declared: readonly string[], used: readonly string[]): ToolNames {
  const toService = new Map<string, string>()
  const toClient = new Map<string, string>()
  const byLowerCase = new Map<string, string>()
  const makeUnique = createUniqueNames(MAX_NAME_LENGTH)

  function add(clientName: string): void {
    const serviceName = makeUnique(makeValid(clientName))
    toService.set(clientName, serviceName)
    toClient.set(serviceName, clientName)
    byLowerCase.set(serviceName.toLowerCase(), clientName)
  }

  // Those that may stay as they are come first, so that no other takes their place.
  const wanted = [...new Set(declared)]
  for (const name of wanted.filter(isValid)) add(name)
  for (const name of wanted.filter((each) => !isValid(each))) add(name)
  const declaredByLowerCase = new Map(
    [...toService].map(([client, service]) => [client.toLowerCase(), service]),
  )
  for (const name of used) {
    if (toService.has(name)) continue
    const sibling = declaredByLowerCase.get(name.toLowerCase())
    if (sibling === undefined) add(name)
    else toService.set(name, sibling)
  }

  return {
    toService: (name) => toService.get(name) ?? name,
    toClient: (name) => toClient.get(name) ?? byLowerCase.get(name.toLowerCase()) ?? name,
  }
}

function isValid(name: string): boolean {
  return VALID_NAME.test(name)
}

function makeValid(name: string): string {
  if (isValid(name)) return name
  const replaced = name.replaceAll(/[^a-zA-Z0-9_-]/g, '_')
  const lettered = /^[a-zA-Z]/.test(replaced) ? replaced : `t_${replaced}`
  if (lettered.length <= MAX_NAME_LENGTH) return lettered
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${lettered.slice(0, 50)}_${digest}`
}
