/** Items become the system prompt and turns. */
import type { AssistantPart, Turn } from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { tellSearch } from '../../conversation/tell-search.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { SearchOutcome } from '../../conversation/web-search.ts'
import type { Place } from '../read-media.ts'
import { createToolUse, readSpokenParts, readTexts } from '../read-parts.ts'
import { createReminderTurn } from '../system-reminder.ts'
import { toTurn } from '../to-turn.ts'
import { createSummaryTurn } from './compaction.ts'
import type { Item, ItemOf } from './item-schema.ts'
import { readCall, readOutput } from './read-calls.ts'
import { openReasoning } from './sealed-reasoning.ts'
import { openSummary } from './sealed-summary.ts'
import type { ToolTable } from './tool-table.ts'

type Message = ItemOf<'message'>

interface Intake extends Pick<Place, 'media' | 'notes'> {
  table: ToolTable
}

/** Until somebody has spoken, what the system and the developer say is the system prompt. */
export function readItems(items: readonly Item[], intake: Intake): { preamble: string[]; turns: Turn[] } {
  const preamble: string[] = []
  const turns: Turn[] = []
  for (const [index, item] of items.entries()) {
    const place = { ...intake, field: `input.${index}`, element: 'input' }
    if (item.type === 'message' && (item.role === 'system' || item.role === 'developer')) {
      const text = readSystemText(item, place)
      if (text === '') continue
      if (turns.length === 0) preamble.push(text)
      else turns.push(createReminderTurn(text))
    } else {
      turns.push(...readTurns(item, place))
    }
  }
  return { preamble, turns }
}

/** The system prompt is one text, in which marks have no place. */
function readSystemText(message: Message, place: Place): string {
  const texts = readTexts(message.content, contentOf(place))
  if (texts.some(({ cacheMark }) => cacheMark !== undefined)) {
    place.notes.ignored.add('input.content.prompt_cache_breakpoint')
  }
  return texts.map(({ text }) => text).join('\n\n')
}

/** `place`: of the item. Of what is not carried there is no turn. */
function readTurns(item: Item, place: Place & Intake): Turn[] {
  const { ignored } = place.notes
  switch (item.type) {
    case 'message':
      return readSpoken(item, place)
    case 'function_call':
    case 'custom_tool_call':
    case 'local_shell_call':
    case 'shell_call':
    case 'apply_patch_call':
      return [{ role: 'assistant', parts: [readCall(item, place.table, place.field)] }]
    case 'function_call_output':
    case 'custom_tool_call_output':
    case 'local_shell_call_output':
    case 'shell_call_output':
    case 'apply_patch_call_output':
      return [{ role: 'user', parts: [readOutput(item, place)] }]
    case 'reasoning':
      return [{ role: 'assistant', parts: readReasoning(item, place) }]
    case 'compaction':
    case 'compaction_summary':
    case 'context_compaction': {
      const summary = openSummary(item.encrypted_content ?? '')
      if (summary !== undefined) return [createSummaryTurn(summary)]
      ignored.add(`input.${item.type}`)
      return []
    }
    case 'web_search_call':
      return readSearch(item, place)
    case 'additional_tools':
    case 'tool_search_output':
      // Declared with the others already.
      return []
    case 'compaction_trigger':
      ignored.add('input.compaction_trigger')
      return []
    case 'item_reference':
      throw refuseReference(item.id, place.field)
    case 'unknown':
      ignored.addForeign('input.', item.unknownType)
      return []
    default:
      return unreachable(item)
  }
}

function readSpoken(message: Message, place: Place): Turn[] {
  const role = message.role === 'assistant' ? 'assistant' : 'user'
  return readSpokenParts(message.content, role, contentOf(place)).map((part) => toTurn(part, role))
}

function contentOf(place: Place): Place {
  return { ...place, field: `${place.field}.content`, element: `${place.element}.content` }
}

/** The call of a tool and its result; of what was found only the sources are known. */
function readSearch({ id, status, action }: ItemOf<'web_search_call'>, place: Place & Intake): Turn[] {
  const hasFailed = status === 'failed'
  if (action == null || (action.sources == null && !hasFailed)) {
    place.notes.ignored.add('input.web_search_call')
    return []
  }
  const callId = id || place.field.replaceAll('.', '_')
  const { query, sources } = action
  const results = (sources ?? []).map(({ url }) => ({ url, title: url, excerpt: '' }))
  const outcome: SearchOutcome = hasFailed
    ? { kind: 'failed', failure: 'unavailable' }
    : { kind: 'results', results }
  const name = place.table.modelNameOfKind('web-search')
  return [
    { role: 'assistant', parts: [createToolUse(callId, name, { query })] },
    { role: 'user', parts: [tellSearch(callId, outcome)] },
  ]
}

/** Ours comes back as it was; of another service's only the words are left, which prove nothing. */
function readReasoning(item: ItemOf<'reasoning'>, { notes }: Place): AssistantPart[] {
  const sealed = item.encrypted_content ?? ''
  const ours = openReasoning(sealed)
  if (ours !== undefined) {
    notes.mayLose('earlier-thinking', 'input.reasoning')
    return [ours]
  }
  const thoughts = [...(item.summary ?? []), ...(item.content ?? [])].map(({ text }) => text)
  const text = thoughts.filter((thought) => thought !== '').join('\n\n')
  if (text !== '') {
    notes.mayLose('earlier-thinking', 'input.reasoning')
    return [{ kind: 'thinking', text }]
  }
  if (sealed !== '') notes.ignored.add('input.reasoning')
  return []
}

function refuseReference(id: string, field: string): GatewayError {
  const path = `${field}.id`
  const text = `${path}: Item with id ${JSON.stringify(id.slice(0, 100))} not found. Items are kept with answers that were asked for with \`store\`; send the item itself`
  return new GatewayError('invalid-request', text, { field: path, code: 'item_not_found' })
}
