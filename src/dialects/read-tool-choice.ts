import type { Tool, ToolChoice } from '../conversation/conversation.ts'
import type { FieldNotes } from './field-notes.ts'
import { refuseUnsupported } from './request-body.ts'
import { refuseTooManyTools } from './tool-count.ts'
import { allowedTools, choiceObject, type ChoiceObject } from './tool-schema.ts'

interface Choice {
  tools: Tool[]
  toolChoice: ToolChoice
}

/** The tools that a choice can mean. */
export interface ToolOffer {
  tools: Tool[]
  /** Types, and names where they have one, of the tools that nobody here can run. */
  leftOut: ReadonlySet<string>
  /** What the model calls the tools that an element of a choice names; empty when it names none. */
  namesOf(named: ChoiceObject): string[]
}

interface ChoicePlace {
  field: string
  notes: FieldNotes
}

/** Types of a choice that speak of any tool, or of one that the client runs itself. */
const OWN_TYPES: ReadonlySet<string> = new Set(['function', 'custom', 'tool', 'any', 'required'])

/** Which of the tools may be called, and whether one has to be. `unread` is a plain word or an object, found at `field`. */
export function readToolChoice(unread: unknown, offer: ToolOffer, { field, notes }: ChoicePlace): Choice {
  const { tools } = offer
  const choice = choiceObject.safeParse(typeof unread === 'string' ? { type: unread } : unread).data
  if (choice?.type === 'auto' || choice?.type === 'none') return { tools, toolChoice: { kind: choice.type } }
  if (choice?.type === 'allowed_tools') return reduceTools(unread, offer, { field, notes })
  if (choice !== undefined && meansLeftOut(choice, offer)) {
    notes.ignored.add(field)
    return { tools, toolChoice: { kind: 'auto' } }
  }
  const [name, ...others] = choice === undefined ? [] : offer.namesOf(choice)
  if (name !== undefined && others.length === 0) return { tools, toolChoice: { kind: 'one', name } }
  if (name !== undefined) return demandAnyOf([name, ...others], tools)
  refuseUnsupported({ [field]: choice?.type !== 'required' && choice?.type !== 'any' })
  return { tools, toolChoice: { kind: 'any' } }
}

function demandAnyOf(names: readonly string[], tools: readonly Tool[]): Choice {
  return { tools: tools.filter(({ name }) => names.includes(name)), toolChoice: { kind: 'any' } }
}

/** The model is told of those tools alone that it may call. */
function reduceTools(unread: unknown, offer: ToolOffer, { field, notes }: ChoicePlace): Choice {
  const { allowed_tools: inner, ...outer } = allowedTools.parse(unread)
  const { mode, tools: named } = inner ?? outer
  refuseTooManyTools(named ?? [], `${field}.${inner ? 'allowed_tools.' : ''}tools`)
  const names = new Set((named ?? []).flatMap((each) => offer.namesOf(each)))
  const tools = offer.tools.filter((tool) => names.has(tool.name))
  if (mode !== 'required') return { tools, toolChoice: { kind: 'auto' } }
  const meansOnlyLeftOut = tools.length === 0 && offer.leftOut.size > 0
  if (meansOnlyLeftOut) notes.ignored.add('tool_choice')
  return { tools, toolChoice: { kind: meansOnlyLeftOut ? 'auto' : 'any' } }
}

/** Whether the client insists on nothing but tools that nobody here can run. */
function meansLeftOut(choice: ChoiceObject, offer: ToolOffer): boolean {
  const { tools, leftOut } = offer
  const [name] = offer.namesOf(choice)
  if (name !== undefined) return leftOut.has(name) && !tools.some((tool) => tool.name === name)
  return OWN_TYPES.has(choice.type) ? tools.length === 0 && leftOut.size > 0 : leftOut.has(choice.type)
}

export function nameOf(named: ChoiceObject): string | undefined {
  return named.function?.name ?? named.custom?.name ?? named.name ?? undefined
}
