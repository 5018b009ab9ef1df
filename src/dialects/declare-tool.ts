/** Tools in the usual shapes, as the model is told of them. */
import type { JsonObject, Tool } from '../conversation/conversation.ts'
import { unreachable } from '../conversation/unreachable.ts'
import { readCacheMark } from './cache-mark.ts'
import type { FieldNotes } from './field-notes.ts'
import type { CustomDeclaration, UnreadTool } from './tool-schema.ts'

interface DeclaredTool {
  tool: Tool
  /** It takes one free text instead of an object; the model is told of an object with an `input`. */
  isCustom: boolean
}

export function declareTool(
  unread: Exclude<UnreadTool, { shape: 'unknown' }>,
  notes: FieldNotes,
): DeclaredTool {
  notes.noteIgnored(unread, 'tools')
  const mark = readCacheMark(unread, notes)
  switch (unread.shape) {
    case 'nested': {
      const { function: declared } = unread
      notes.noteIgnored(declared, 'tools.function')
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

export function createTool({ name, description, inputSchema }: Declaration): Tool {
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
