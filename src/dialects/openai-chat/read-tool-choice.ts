import type { Tool, ToolChoice } from '../../conversation/conversation.ts'
import { isJsonObject, refuseUnsupported } from '../request-body.ts'
import type { FieldNotes } from './field-notes.ts'
import type { DeclaredTools } from './read-tools.ts'
import type { ChatBody } from './schema.ts'
import { allowedTools, choiceObject, type ChoiceObject } from './tool-schema.ts'

interface Choice {
  tools: Tool[]
  toolChoice: ToolChoice
}

/** Types of a choice that speak of any tool, or of one that the client runs itself. */
const OWN_TYPES: ReadonlySet<string> = new Set(['function', 'custom', 'tool', 'any', 'required'])

/** Which of the declared tools may be called, and whether one has to be. */
export function readToolChoice(body: ChatBody, declared: DeclaredTools, notes: FieldNotes): Choice {
  const { tools } = declared
  const isLegacy = (body.tool_choice ?? undefined) === undefined
  const unread = (isLegacy ? body.function_call : body.tool_choice) ?? 'auto'
  const field = isLegacy ? 'function_call' : 'tool_choice'
  if (!isLegacy && (body.function_call ?? undefined) !== undefined) notes.ignored.add('function_call')

  const choice = choiceObject.safeParse(asObject(unread, isLegacy)).data
  if (choice?.type === 'auto' || choice?.type === 'none') return { tools, toolChoice: { kind: choice.type } }
  if (choice?.type === 'allowed_tools') return reduceTools(unread, declared, notes)
  if (choice !== undefined && meansLeftOut(choice, declared)) {
    notes.ignored.add(field)
    return { tools, toolChoice: { kind: 'auto' } }
  }
  const name = choice === undefined ? undefined : nameOf(choice)
  if (name !== undefined) return { tools, toolChoice: { kind: 'one', name } }
  refuseUnsupported({ [field]: choice?.type !== 'required' && choice?.type !== 'any' })
  return { tools, toolChoice: { kind: 'any' } }
}

/** A plain word is a type; the older form of naming a function has none. */
function asObject(unread: unknown, isLegacy: boolean): unknown {
  if (typeof unread === 'string') return { type: unread }
  return isLegacy && isJsonObject(unread) ? { type: 'function', ...unread } : unread
}

/** The model is told of those tools alone that it may call. */
function reduceTools(unread: unknown, declared: DeclaredTools, notes: FieldNotes): Choice {
  const { allowed_tools: inner, ...outer } = allowedTools.parse(unread)
  const { mode, tools: named } = inner ?? outer
  const names = new Set((named ?? []).map(nameOf))
  const tools = declared.tools.filter((tool) => names.has(tool.name))
  if (mode !== 'required') return { tools, toolChoice: { kind: 'auto' } }
  const meansOnlyLeftOut = tools.length === 0 && declared.leftOut.size > 0
  if (meansOnlyLeftOut) notes.ignored.add('tool_choice')
  return { tools, toolChoice: { kind: meansOnlyLeftOut ? 'auto' : 'any' } }
}

/** Whether the client insists on nothing but tools that nobody here can run. */
function meansLeftOut(choice: ChoiceObject, { tools, leftOut }: DeclaredTools): boolean {
  const name = nameOf(choice)
  if (name !== undefined) return leftOut.has(name) && !tools.some((tool) => tool.name === name)
  return OWN_TYPES.has(choice.type) ? tools.length === 0 && leftOut.size > 0 : leftOut.has(choice.type)
}

function nameOf(choice: Pick<ChoiceObject, 'name' | 'function' | 'custom'>): string | undefined {
  return choice.function?.name ?? choice.custom?.name ?? choice.name ?? undefined
}
