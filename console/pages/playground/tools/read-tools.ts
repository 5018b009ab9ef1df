/** The tools that somebody has typed, as JSON. Pure. */
import { isObject, listAt, parseJson, textAt, type Json } from '../json.ts'
import type { ToolDeclaration } from '../request/turns.ts'

export type ReadTools =
  | { kind: 'tools'; tools: readonly ToolDeclaration[] }
  | { kind: 'no-json' }
  | { kind: 'no-list' }
  /** `at`: which one, from 1 on. */
  | { kind: 'no-name' | 'no-schema' | 'same-name'; at: number }

const NAME = /^[a-zA-Z0-9_-]{1,64}$/

/** A list of `{ name, description, parameters }`; nothing at all is no tool. */
export function readTools(text: string): ReadTools {
  if (text.trim() === '') return { kind: 'tools', tools: [] }
  const value = parseJson(text)
  if (value === undefined) return { kind: 'no-json' }
  if (!Array.isArray(value)) return { kind: 'no-list' }
  const tools: ToolDeclaration[] = []
  for (const [index, each] of listAt(value).entries()) {
    const at = index + 1
    const tool = readTool(each)
    if (typeof tool === 'string') return { kind: tool, at }
    if (tools.some(({ name }) => name === tool.name)) return { kind: 'same-name', at }
    tools.push(tool)
  }
  return { kind: 'tools', tools }
}

function readTool(value: Json): ToolDeclaration | 'no-name' | 'no-schema' {
  const name = textAt(value, 'name') ?? ''
  if (!NAME.test(name) || !isObject(value)) return 'no-name'
  const parameters = value['parameters'] ?? { type: 'object', properties: {} }
  if (!isObject(parameters)) return 'no-schema'
  return { name, description: textAt(value, 'description') ?? '', parameters }
}

export function writeTools(tools: readonly ToolDeclaration[]): string {
  return tools.length === 0 ? '' : JSON.stringify(tools, null, 2)
}
