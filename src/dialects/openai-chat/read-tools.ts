/** Declarations of tools, in whatever shape they come. */
import type { JsonObject, Tool } from '../../conversation/conversation.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { ToolForms } from './chat-wishes.ts'
import { readCacheMark } from './cache-mark.ts'
import type { FieldNotes } from './field-notes.ts'
import { noteIgnored } from './list-ignored.ts'
import type { ChatBody } from './schema.ts'
import type { CustomDeclaration, UnreadTool } from './tool-schema.ts'

export interface DeclaredTools {
  tools: Tool[]
  forms: ToolForms
  /** Types, and names where they have one, of the tools that nobody here can run. */
  leftOut: ReadonlySet<string>
}

interface ReadTool {
  tool: Tool
  isCustom: boolean
}

export function readTools(body: ChatBody, notes: FieldNotes): DeclaredTools {
  const leftOut = new Set<string>()
  const read = (body.tools ?? []).flatMap((tool): ReadTool[] => {
    if (tool.shape !== 'unknown') return [readTool(tool, notes)]
    const type = typeof tool['type'] === 'string' ? tool['type'] : 'unknown'
    notes.ignored.addForeign('tools.', type)
    leftOut.add(type)
    if (typeof tool.name === 'string') leftOut.add(tool.name)
    return []
  })
  const functions = body.functions ?? []
  const legacy = functions.map(({ name, description, parameters }): ReadTool => {
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
function namesOfCustom(all: readonly ReadTool[]): ReadonlySet<string> {
  const isCustom = new Map(all.toReversed().map((each) => [each.tool.name, each.isCustom]))
  return new Set([...isCustom].flatMap(([name, custom]) => (custom ? [name] : [])))
}

function readTool(unread: Exclude<UnreadTool, { shape: 'unknown' }>, notes: FieldNotes): ReadTool {
  noteIgnored(unread, 'tools[]', notes)
  const mark = readCacheMark(unread, notes)
  switch (unread.shape) {
    case 'nested': {
      const { function: declared } = unread
      noteIgnored(declared, 'tools[].function', notes)
      notes.mayLose('tool-schema', 'tools.function.parameters')
      const inputSchema =
        declared.parameters ?? unread.parameters ?? declared.input_schema ?? unread.input_schema
      const tool = createTool({ ...declared, inputSchema })
      return { isCustom: false, tool: { ...tool, ...readCacheMark(declared, notes), ...mark } }
    }
    case 'flat': {
      notes.mayLose('tool-schema', unread.parameters ? 'tools.parameters' : 'tools.input_schema')
      const inputSchema = unread.parameters ?? unread.input_schema
      return { isCustom: false, tool: { ...createTool({ ...unread, inputSchema }), ...mark } }
    }
    case 'custom':
      return { isCustom: true, tool: { ...createCustomTool(unread.custom), ...mark } }
    case 'flat-custom':
      return { isCustom: true, tool: { ...createCustomTool(unread), ...mark } }
    default:
      return unreachable(unread)
  }
}

interface Declaration {
  name: string
  description?: string | null | undefined
  inputSchema: JsonObject | null | undefined
}

function createTool({ name, description, inputSchema }: Declaration): Tool {
  return {
    name,
    description: description ?? '',
    inputSchema: inputSchema ?? { type: 'object', properties: {} },
  }
}

/** The model service knows tools that take an object alone, so the text is one of its fields. */
function createCustomTool({ name, description, format }: CustomDeclaration): Tool {
  const grammar = format?.grammar ?? format
  const { syntax, definition } = grammar ?? {}
  const rule =
    typeof definition === 'string'
      ? `It has to follow this grammar${typeof syntax === 'string' ? ` (${syntax})` : ''}:\n${definition}`
      : ''
  const paragraphs = [description ?? '', `Takes free text, as \`input\`. ${rule}`.trim()]
  return {
    name,
    description: paragraphs.filter((paragraph) => paragraph !== '').join('\n\n'),
    inputSchema: {
      type: 'object',
      properties: { input: { type: 'string', description: 'The whole text, as it is.' } },
      required: ['input'],
    },
  }
}
