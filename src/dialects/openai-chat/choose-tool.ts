import { isJsonObject } from '../request-body.ts'
import type { FieldNotes } from '../field-notes.ts'
import { nameOf, readToolChoice } from '../read-tool-choice.ts'
import type { DeclaredTools } from './read-tools.ts'
import type { ChatBody } from './schema.ts'

/** `tool_choice`, or else `function_call`, its form of before there were tools. */
export function chooseTool(
  body: ChatBody,
  declared: DeclaredTools,
  notes: FieldNotes,
): ReturnType<typeof readToolChoice> {
  const offer = { ...declared, namesOf: listName }
  const choice = body.tool_choice ?? undefined
  const older = body.function_call ?? undefined
  if (choice === undefined) {
    return readToolChoice(withType(older) ?? 'auto', offer, { field: 'function_call', notes })
  }
  if (older !== undefined) notes.ignored.add('function_call')
  return readToolChoice(choice, offer, { field: 'tool_choice', notes })
}

function listName(named: Parameters<typeof nameOf>[0]): string[] {
  const name = nameOf(named)
  return name === undefined ? [] : [name]
}

/** The older form of naming a function has no type. */
function withType(older: unknown): unknown {
  return isJsonObject(older) ? { type: 'function', ...older } : older
}
