/** Declarations of tools, of whatever type. */
import type { Tool } from '../../conversation/conversation.ts'
import { declareTool } from '../declare-tool.ts'
import type { FieldNotes } from '../field-notes.ts'
import { parseBody } from '../request-body.ts'
import { namespaceTool, type UnreadTool } from '../tool-schema.ts'
import type { ClientTool } from './answer-wishes.ts'
import { clientRunTools } from './client-run-tools.ts'
import { isSearchType, readSearchTool } from './read-search-tool.ts'
import { joinNames } from './unique-names.ts'

/** `field`: where the tools stand in the body. */
export interface ToolList {
  tools: readonly UnreadTool[]
  field: string
}

/** `tool.name` is what the client would have the model call it; two may wish for the same. */
export interface ToolEntry {
  tool: Tool
  client: ClientTool
}

interface Namespace {
  name: string
  description: string
}

interface Context {
  field: string
  notes: FieldNotes
  leftOut: Set<string>
  namespace?: Namespace
}

/** `leftOut`: types, and names where they have one, of the tools that nobody here can run. */
export function readToolLists(
  lists: readonly ToolList[],
  notes: FieldNotes,
): { entries: ToolEntry[]; leftOut: ReadonlySet<string> } {
  const leftOut = new Set<string>()
  const entries = lists.flatMap(({ tools, field }) => readTools(tools, { field, notes, leftOut }))
  return { entries, leftOut }
}

function readTools(tools: readonly UnreadTool[], context: Context): ToolEntry[] {
  return tools.flatMap((tool, index) => readTool(tool, { ...context, field: `${context.field}.${index}` }))
}

function readTool(unread: UnreadTool, context: Context): ToolEntry[] {
  const { notes, namespace } = context
  if (unread.shape !== 'unknown') {
    const { tool, isCustom } = declareTool(unread, notes)
    return [createEntry(tool, isCustom ? 'custom' : 'function', namespace)]
  }
  const type = typeof unread['type'] === 'string' ? unread['type'] : 'unknown'
  if (type === 'namespace') return readNamespace(unread, context)
  const clientRun = clientRunTools.get(type)
  if (clientRun !== undefined) {
    notes.noteIgnored(unread, `tools.${type}`)
    return [{ tool: clientRun.tool, client: { kind: clientRun.kind } }]
  }
  const search = isSearchType(type) ? readSearchTool(unread, context.field) : undefined
  if (search !== undefined) {
    notes.noteIgnored(unread, 'tools.web_search')
    notes.mayLose('web-search', `tools.${type}`)
    return [{ tool: search, client: { kind: 'web-search' } }]
  }
  notes.ignored.addForeign('tools.', type)
  context.leftOut.add(type)
  if (typeof unread.name === 'string') context.leftOut.add(unread.name)
  return []
}

/** One inside of another is none. */
function readNamespace(unread: UnreadTool, context: Context): ToolEntry[] {
  if (context.namespace !== undefined) return []
  const { name, description, tools } = parseBody(namespaceTool, unread, context.field)
  const namespace = { name, description: description ?? '' }
  return readTools(tools, { ...context, field: `${context.field}.tools`, namespace })
}

/** What is said of a namespace is said of each of its tools, as the model sees no namespaces. */
function createEntry(tool: Tool, kind: 'function' | 'custom', namespace: Namespace | undefined): ToolEntry {
  if (namespace === undefined) return { tool, client: { kind, name: tool.name } }
  const paragraphs = [tool.description, namespace.description].filter((paragraph) => paragraph !== '')
  return {
    tool: { ...tool, name: joinNames(namespace.name, tool.name), description: paragraphs.join('\n\n') },
    client: { kind, name: tool.name, namespace: namespace.name },
  }
}
