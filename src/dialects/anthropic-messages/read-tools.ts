/** Tools that the client or the gateway runs are declared; those that another server would have to run are left out by name. */
import type { Tool, ToolChoice } from '../../conversation/conversation.ts'
import type { IgnoredNames } from '../ignored-names.ts'
import { jsonObject, parseBody, refuseUnsupported } from '../request-body.ts'
import { findClientTool } from './client-tools.ts'
import { readSearchTool } from './read-search-tool.ts'
import { readCacheMark } from './read-cache-mark.ts'
import { customTool, toolChangeBlock, type AnyTool, type Block, type PromptBody } from './schema.ts'

/** The tools of one request, which its messages may change. */
export interface ToolList {
  /** `tool_addition` or `tool_removal`; `field` is its path. */
  change(block: Block, field: string): void
  tools(): Tool[]
  readChoice(choice: PromptBody['tool_choice']): ToolChoice
}

export function createToolList(declared: readonly AnyTool[], ignored: IgnoredNames): ToolList {
  const tools = new Map<string, Tool>()
  const withdrawn = new Set<string>()
  const leftOut = new Set<string | null | undefined>()

  function read(tool: AnyTool, field: string): Tool | undefined {
    const found = readTool(tool, { field, ignored })
    if (found === undefined) {
      ignored.addForeign('tools.', (tool.type ?? '').toLowerCase())
      leftOut.add(tool.name)
    }
    return found
  }

  for (const [index, unread] of declared.entries()) {
    const tool = read(unread, `tools.${index}`)
    // Of two tools with one name the service takes one.
    if (tool !== undefined && !tools.has(tool.name)) tools.set(tool.name, tool)
  }

  return {
    change(block, field) {
      const { tool: change } = parseBody(toolChangeBlock, block, field)
      const isRemoval = block.type === 'tool_removal'
      if (!isRemoval && change.definition !== undefined && change.definition !== null) {
        const tool = read(change.definition, `${field}.tool.definition`)
        if (tool !== undefined) {
          tools.set(tool.name, tool)
          withdrawn.delete(tool.name)
        }
        return
      }
      const name = change.type === 'tool_reference' ? (change.name ?? '') : ''
      if (!tools.has(name)) ignored.add(`messages.content.${block.type}`)
      else if (isRemoval) withdrawn.add(name)
      else withdrawn.delete(name)
    },
    tools: () => [...tools.values()].filter(({ name }) => !withdrawn.has(name)),
    readChoice(choice) {
      const type = choice?.type ?? 'auto'
      if (type === 'auto' || type === 'none') return { kind: type }
      refuseUnsupported({ 'tool_choice.type': type !== 'any' && type !== 'tool' })
      const name = choice?.name ?? ''
      const meansLeftOut =
        leftOut.size > 0 && (type === 'any' ? tools.size === 0 : leftOut.has(name) && !tools.has(name))
      if (!meansLeftOut) return type === 'any' ? { kind: 'any' } : { kind: 'one', name }
      ignored.add('tool_choice')
      return { kind: 'auto' }
    },
  }
}

/** Undefined for a tool that neither a client nor the gateway runs. Whoever sends a schema of its own runs the tool, whatever its type. */
function readTool(
  tool: AnyTool,
  { field, ignored }: { field: string; ignored: IgnoredNames },
): Tool | undefined {
  const type = tool.type ?? 'custom'
  const clientTool = findClientTool(type)
  if (clientTool !== undefined) {
    return { ...clientTool, name: tool.name || clientTool.name, ...readCacheMark(tool) }
  }
  const schema = jsonObject.safeParse(tool['input_schema'])
  if (type !== 'custom' && !(schema.success && tool.name)) return readSearchTool(tool, field)
  const custom = parseBody(customTool, tool, field)
  if (!schema.success && custom.input_schema !== undefined) ignored.add('tools.input_schema')
  return {
    name: custom.name,
    description: custom.description ?? '',
    inputSchema: schema.success ? schema.data : { type: 'object', properties: {} },
    ...readCacheMark(custom),
  }
}
