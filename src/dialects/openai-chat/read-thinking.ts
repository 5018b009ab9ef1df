import type { Effort, Thinking } from '../../conversation/conversation.ts'
import { effortOf } from '../effort.ts'
import { presentFields } from '../request-body.ts'
import type { FieldNotes } from '../field-notes.ts'
import { thinkingWishes, type ChatBody } from './schema.ts'

const WISHES = ['reasoning_effort', 'reasoning', 'thinking', 'enable_thinking', 'thinking_budget'] as const
const OFF: Thinking = { kind: 'off' }

interface Wishes {
  thinking: Thinking
  effort?: Effort
}

/** Notes the fields by which the client wishes for thinking, and those that nobody understands. */
export function readThinking(body: ChatBody, notes: FieldNotes): Wishes {
  const fields = presentFields(body, WISHES)
  if (fields.length === 0) return { thinking: { kind: 'default' } }
  const wishes = readWishes(body)
  for (const field of fields) {
    if (wishes.thinking.kind === 'default') notes.ignored.add(field)
    else notes.mayLose('thinking', field)
  }
  if (wishes.effort !== undefined) {
    const [field = 'reasoning'] = presentFields(body, ['reasoning_effort'])
    notes.mayLose('effort', field)
  }
  return wishes
}

/** OpenAI's effort counts first, then OpenRouter's `reasoning`, then what vendors of Claude and of Qwen have made up. */
function readWishes(body: ChatBody): Wishes {
  const wishes = thinkingWishes.parse(body)
  const { reasoning, thinking } = wishes
  const shown = reasoning?.exclude !== true
  const effort = wishes.reasoning_effort ?? reasoning?.effort ?? undefined
  if (effort === 'none') return { thinking: OFF }
  if (effort !== undefined) return { thinking: { kind: 'adaptive', shown }, ...effortOf(effort) }
  const isOff =
    reasoning?.enabled === false || thinking?.type === 'disabled' || wishes.enable_thinking === false
  if (isOff) return { thinking: OFF }
  const budgetTokens = reasoning?.max_tokens ?? thinking?.budget_tokens ?? wishes.thinking_budget ?? undefined
  if (budgetTokens !== undefined) return { thinking: { kind: 'budget', budgetTokens, shown } }
  const isOn =
    reasoning?.enabled === true ||
    thinking?.type === 'enabled' ||
    thinking?.type === 'adaptive' ||
    wishes.enable_thinking === true
  return { thinking: isOn ? { kind: 'adaptive', shown } : { kind: 'default' } }
}
