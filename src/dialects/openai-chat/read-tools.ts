/** Declarations of tools, in whatever shape they come. */
import type { Tool } from '../../conversation/conversation.ts'
import { createTool, declareTool } from '../declare-tool.ts'
import type { FieldNotes } from '../field-notes.ts'
import type { ToolForms } from './chat-wishes.ts'
import type { ChatBody } from './schema.ts'

export interface DeclaredTools {
  tools: Tool[]
  forms: ToolForms
  /** Types, and names where they have one, of the tools that nobody here can run. */
  leftOut: ReadonlySet<string>
}

export function readTools(body: ChatBody, notes: FieldNotes): DeclaredTools {
  const leftOut = new Set<string>()
  const read = (body.tools ?? []).flatMap((tool) => {
    if (tool.shape !== 'unknown') return [declareTool(tool, notes)]
    const type = typeof tool['type'] === 'string' ? tool['type'] : 'unknown'
    notes.ignored.addForeign('tools.', type)
    leftOut.add(type)
    if (typeof tool.name === 'string') leftOut.add(tool.name)
    return []
  })
  const functions = body.functions ?? []
  const legacy = functions.map(({ name, description, parameters }) => {
    notes.mayLose('tool-schema', 'functions.parameters')
    return { isCustom: false, tool: createTool({ name, description, inputSchema: parameters }) }
  })
  const all = [...read, ...legacy]
  return {
    tools: all.map(({ tool }) => tool),
    forms: { custom: namesOfCustom(all), legacy: read.length === 0 && legacy.length > 0 },
    leftOut,
  }
}

/** Of several tools of one name, the first is the one that the model gets to know. */
function namesOfCustom(all: readonly ReturnType<typeof declareTool>[]): ReadonlySet<string> {
  const isCustom = new Map(all.toReversed().map((each) => [each.tool.name, each.isCustom]))
  return new Set([...isCustom].flatMap(([name, custom]) => (custom ? [name] : [])))
}
