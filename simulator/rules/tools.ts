/** S9–S12 and the limits of tool specifications. */
import type { Switches } from '../switches.ts'
import type { Tool } from './shape.ts'
import { findSchemaFault } from './tool-schema.ts'
import { declaredTools, specificationsOf, toolResultsOf, type Turn } from './turns.ts'
import { refused, type Violation, warning } from './violation.ts'

const TOOLS_PATH = 'conversationState.currentMessage.userInputMessage.userInputMessageContext.tools'
/** The CLI's own rule, and the hyphen, which the service is known to take. */
const TOOL_NAME = /^[a-zA-Z][a-zA-Z0-9_-]*$/

/** S9: tools are declared on the current message only. */
export function checkToolsInHistory(turns: Turn[]): Violation[] {
  return turns
    .filter((turn) => turn.role === 'user' && !turn.current && specificationsOf(turn.message).length > 0)
    .map(({ path }) =>
      warning({
        rule: 'S9',
        path: `${path}.userInputMessageContext.tools`,
        message: 'tools are declared in the history',
      }),
    )
}

/** S10 and S11: whoever shows tool traffic declares the tools, each by its name. */
export function checkDeclarations(turns: Turn[]): Violation[] {
  const declared = new Set(declaredTools(turns).map(({ name }) => name))
  if (declared.size === 0) {
    return turns.some(hasToolTraffic)
      ? [missingConfiguration('S10', 'tools were used but none is declared')]
      : []
  }
  const used = turns.flatMap((turn) => (turn.role === 'assistant' ? (turn.message.toolUses ?? []) : []))
  const undeclared = new Set(used.map(({ name }) => name).filter((name) => !declared.has(name)))
  return [...undeclared].map((name) => missingConfiguration('S11', `${name} was used but is not declared`))
}

function hasToolTraffic(turn: Turn): boolean {
  const traffic = turn.role === 'user' ? toolResultsOf(turn.message) : (turn.message.toolUses ?? [])
  return traffic.length > 0
}

function missingConfiguration(rule: string, message: string): Violation {
  return refused({ rule, path: TOOLS_PATH, message, reason: 'TOOL_CONFIG_MISSING' })
}

/** S12: names are unique, whatever their letter case. */
export function checkUniqueNames(turns: Turn[]): Violation[] {
  const seen = new Set<string>()
  return declaredTools(turns).flatMap(({ name }, index) => {
    const key = name.toLowerCase()
    const path = `${TOOLS_PATH}.${index}.toolSpecification.name`
    const fault = seen.has(key)
      ? [refused({ rule: 'S12', path, message: `${name} is declared twice`, reason: 'TOOL_DUPLICATE' })]
      : []
    seen.add(key)
    return fault
  })
}

/** Names, descriptions and input schemas of the declared tools. */
export function checkSpecifications(turns: Turn[], switches: Switches): Violation[] {
  return declaredTools(turns).flatMap((tool, index) =>
    checkSpecification(tool, `${TOOLS_PATH}.${index}.toolSpecification`, switches),
  )
}

function checkSpecification(tool: Tool, path: string, switches: Switches): Violation[] {
  const { limits } = switches
  const violations: Violation[] = []
  if (!TOOL_NAME.test(tool.name) || tool.name.length > limits.toolNameCharacters) {
    const message = `${tool.name} must match ${String(TOOL_NAME)} and have at most ${limits.toolNameCharacters} characters`
    violations.push(refused({ rule: 'tool-name', path: `${path}.name`, message }))
  }
  if (tool.description === '') {
    const message = 'a description must not be empty'
    violations.push(refused({ rule: 'tool-description', path: `${path}.description`, message }))
  }
  if ((tool.description?.length ?? 0) > limits.toolDescriptionCharacters) {
    const message = `a description has at most ${limits.toolDescriptionCharacters} characters`
    violations.push(refused({ rule: 'tool-description', path: `${path}.description`, message }))
  }
  const fault = findSchemaFault(tool.inputSchema.json, switches)
  if (fault !== undefined) {
    const says = `tools.${path.split('.').at(-2)}.toolSpecification.inputSchema.json: ${fault}`
    violations.push(
      refused({
        rule: 'tool-schema',
        path: `${path}.inputSchema.json`,
        message: fault,
        reason: 'TOOL_SCHEMA_INVALID',
        says,
      }),
    )
  }
  return violations
}
