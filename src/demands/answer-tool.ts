import type { Conversation, JsonObject, JsonValue, Tool } from '../conversation/conversation.ts'
import { readJsonText, type JsonText } from './json-text.ts'

const NAME = 'give_answer'
/** The one member of the input, for answers that are no object: inputs of tools are. */
const MEMBER = 'answer'

/** A tool of our own, whose input is the answer that the client wants: models follow schemas of tools best. */
export interface AnswerTool {
  tool: Tool
  /** The answer in an input of this tool, as the model wrote it. Undefined when the input is no JSON. */
  readAnswer(inputText: string): JsonText | undefined
}

export function createAnswerTool(schema: JsonObject, conversation: Conversation): AnswerTool {
  const isWrapped = !describesObject(schema)
  const tool = {
    name: freeName(conversation),
    description: 'Hands over the final answer. Its input is the answer.',
    inputSchema: isWrapped ? wrapSchema(schema) : schema,
  }
  return { tool, readAnswer: isWrapped ? readMember : readJsonText }
}

function describesObject({ type, properties, ...rest }: JsonObject): boolean {
  if (type === undefined)
    return properties !== undefined && !('anyOf' in rest || 'oneOf' in rest || '$ref' in rest)
  return type === 'object'
}

/** Services hold tools apart by name, whatever its case. */
function freeName({ tools, turns }: Conversation): string {
  const taken = new Set(tools.map(({ name }) => name.toLowerCase()))
  for (const { parts } of turns) {
    for (const part of parts) if (part.kind === 'tool-use') taken.add(part.name.toLowerCase())
  }
  let name = NAME
  for (let number = 2; taken.has(name); number += 1) name = `${NAME}_${number}`
  return name
}

function wrapSchema(schema: JsonObject): JsonObject {
  const { $schema, ...rest } = schema
  return {
    ...($schema !== undefined && { $schema }),
    type: 'object',
    properties: { [MEMBER]: moveReferences(rest) },
    required: [MEMBER],
  }
}

/** References are paths from the root, which is one member further up now. */
function moveReferences(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(moveReferences)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === '$ref' && typeof member === 'string' ? moveReference(member) : moveReferences(member),
    ]),
  )
}

function moveReference(reference: string): string {
  const isPath = reference === '#' || reference.startsWith('#/')
  return isPath ? `#/properties/${MEMBER}${reference.slice(1)}` : reference
}

/** Some models leave the wrapping out, so an input without it is the answer itself. */
function readMember(inputText: string): JsonText | undefined {
  const input = readJsonText(inputText)
  if (input === undefined) return undefined
  const { text, value } = input
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return input
  const { [MEMBER]: answer, ...others } = value
  if (answer === undefined || Object.keys(others).length > 0) return input
  const written = readJsonText(text.slice(text.indexOf(':') + 1, text.lastIndexOf('}')))
  return written ?? { text: JSON.stringify(answer), value: answer }
}
