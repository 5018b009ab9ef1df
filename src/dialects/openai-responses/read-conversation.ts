import {
  createConversation,
  type Conversation,
  type Limits,
  type ResponseFormat,
  type Tool,
  type Turn,
} from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import { affinityKeyOf } from '../affinity-key.ts'
import type { RequestHeaders } from '../dialect.ts'
import type { FieldNotes } from '../field-notes.ts'
import { createMediaIntake } from '../media-intake.ts'
import { createText } from '../read-parts.ts'
import { readToolChoice } from '../read-tool-choice.ts'
import { presentFields, refuseUnsupported } from '../request-body.ts'
import type { AnswerWishes } from './answer-wishes.ts'
import { asksForCompaction, createQuestionTurn } from './compaction.ts'
import type { Item } from './item-schema.ts'
import { readItems } from './read-items.ts'
import { readThinking } from './read-thinking.ts'
import type { ToolList } from './read-tools.ts'
import type { PromptBody } from './schema.ts'
import { createToolTable } from './tool-table.ts'

interface Circumstances {
  headers: RequestHeaders
  notes: FieldNotes
  compaction?: 'document' | undefined
}

interface ReadConversation {
  conversation: Conversation
  clientTools: AnswerWishes['tools']
  compaction: AnswerWishes['compaction']
}

/** Throws a GatewayError that names the field at fault. */
export function readConversation(body: PromptBody, circumstances: Circumstances): ReadConversation {
  const { headers, notes } = circumstances
  refuseUnsupported({ conversation: presentFields(body, ['conversation']).length > 0 })
  refuseUnresolved(body)
  const { items, isTriggered } = listItems(body)
  const compaction = circumstances.compaction ?? (isTriggered ? 'item' : undefined)
  const table = createToolTable(listTools(body, items), notes)
  const offer = { ...table, tools: limitUses(table.tools, body.max_tool_calls ?? undefined) }
  const media = createMediaIntake()
  const { preamble, turns } = readItems(items, { media, notes, table })
  const conversation = createConversation({
    model: body.model ?? '',
    ...askSomething([body.instructions ?? '', ...preamble], turns),
    ...readToolChoice(body.tool_choice ?? 'auto', offer, { field: 'tool_choice', notes }),
    parallelToolCalls: body.parallel_tool_calls !== false,
    ...readThinking(body, notes),
    responseFormat: readResponseFormat(body),
    ...(body.text?.format?.type === 'json_schema' && {
      demandedAt: { responseFormat: 'text.format.schema' },
    }),
    limits: readLimits(body),
    ...affinityKeyOf(headers, body.prompt_cache_key ?? undefined),
  })
  const fitted = media.fit(conversation.turns)
  fitted.leftOut.forEach((element) => notes.ignored.add(element))
  const whole = { ...conversation, turns: fitted.turns }
  return {
    conversation: compaction === undefined ? whole : askForSummary(whole),
    clientTools: table.clientTools,
    compaction,
  }
}

/** Answers of earlier requests are put in place before a body is read, so one that is still named is not there. */
function refuseUnresolved({ previous_response_id: id }: PromptBody): void {
  if (typeof id !== 'string') return
  const field = 'previous_response_id'
  const text = `${field}: Previous response with id ${JSON.stringify(id.slice(0, 100))} not found. Answers are kept for a while, and for the key that they were given to; send the whole conversation as input`
  throw new GatewayError('invalid-request', text, { field, code: 'previous_response_not_found' })
}

/** The wish for compaction is no item of the conversation, so it is taken out. */
function listItems({ input }: PromptBody): { items: readonly Item[]; isTriggered: boolean } {
  if (typeof input === 'string') {
    return { items: [{ type: 'message', role: 'user', content: input }], isTriggered: false }
  }
  const items = input ?? []
  const isTriggered = asksForCompaction(items)
  return { items: isTriggered ? items.slice(0, -1) : items, isTriggered }
}

function listTools({ tools }: PromptBody, items: readonly Item[]): ToolList[] {
  const later = items.flatMap((item, index): ToolList[] =>
    item.type === 'additional_tools' || item.type === 'tool_search_output'
      ? [{ tools: item.tools ?? [], field: `input.${index}.tools` }]
      : [],
  )
  return [{ tools: tools ?? [], field: 'tools' }, ...later]
}

/** The limit is for tools that the service runs. */
function limitUses(tools: Tool[], maxUses: number | undefined): Tool[] {
  if (maxUses === undefined) return tools
  return tools.map((tool) =>
    tool.serverRun === undefined ? tool : { ...tool, serverRun: { ...tool.serverRun, maxUses } },
  )
}

/** The API takes instructions alone; the model must be asked something, so then they are the question. */
function askSomething(preamble: readonly string[], turns: Turn[]): { system: string; turns: Turn[] } {
  const system = preamble.filter((text) => text !== '').join('\n\n')
  const { turns: merged } = createConversation({ model: '', turns })
  if (merged.length > 0) return { system, turns: merged }
  if (system !== '') return { system: '', turns: [{ role: 'user', parts: [createText(system)] }] }
  throw new GatewayError('invalid-request', 'input: At least one item with content is required', {
    field: 'input',
    code: 'missing_required_parameter',
  })
}

/** The tools stay declared, as prompts are cached by how they begin. */
function askForSummary(conversation: Conversation): Conversation {
  const { turns } = createConversation({
    model: '',
    turns: [...conversation.turns, createQuestionTurn()],
  })
  return {
    ...conversation,
    turns,
    toolChoice: { kind: 'none' },
    responseFormat: { kind: 'text' },
    limits: { stopSequences: [] },
  }
}

/** Zero or less means none. */
function readLimits({ max_output_tokens: limit }: PromptBody): Limits {
  return { stopSequences: [], ...((limit ?? 0) > 0 && { maxOutputTokens: limit ?? 0 }) }
}

/** A schema that is not given leaves any object. */
function readResponseFormat({ text }: PromptBody): ResponseFormat {
  const format = text?.format ?? undefined
  switch (format?.type) {
    case undefined:
    case 'text':
      return { kind: 'text' }
    case 'json_object':
      return { kind: 'json' }
    case 'json_schema':
      return format.schema == null ? { kind: 'json' } : { kind: 'json-schema', schema: format.schema }
    default:
      return unreachable(format)
  }
}
