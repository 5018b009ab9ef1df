import type { Effort, Thinking } from '../../conversation/conversation.ts'
import { effortOf } from '../effort.ts'
import { thinkingWishes, type ChatBody } from './schema.ts'

const OFF: Thinking = { kind: 'off' }

interface Wishes {
  thinking: Thinking
  effort?: Effort
}

/** OpenAI's effort counts first, then OpenRouter's `reasoning`, then what vendors of Claude and of Qwen have made up. */
export function readThinking(body: ChatBody): Wishes {
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
