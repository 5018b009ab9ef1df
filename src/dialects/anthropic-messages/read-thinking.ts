import type { Effort, Thinking } from '../../conversation/conversation.ts'
import { effortOf } from '../effort.ts'
import type { PromptBody } from './schema.ts'

/** An effort alone is no wish to think. Kinds of thinking that are not known stay off. */
export function readThinking(body: PromptBody): { thinking: Thinking; effort?: Effort } {
  return { thinking: kindOf(body), ...effortOf(effortInTurn(body) ?? body.output_config?.effort) }
}

/** System messages of the turn to be answered may set another effort for it (per-turn-control-2026-07-01). */
function effortInTurn({ messages }: PromptBody): string | undefined {
  const turn = messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1)
  const efforts = turn.flatMap((message) =>
    message.role === 'system' ? (message.output_config?.effort ?? []) : [],
  )
  return efforts.at(-1)
}

function kindOf({ thinking }: PromptBody): Thinking {
  if (thinking === undefined || thinking === null) return { kind: 'default' }
  const shown = thinking.display !== 'omitted'
  const adaptive: Thinking = { kind: 'adaptive', shown }
  switch (thinking.type) {
    case 'enabled': {
      const budgetTokens = thinking.budget_tokens ?? undefined
      return budgetTokens === undefined ? adaptive : { kind: 'budget', budgetTokens, shown }
    }
    case 'adaptive':
    // Thinking between tool calls alone: the model service knows no such kind, and this one includes it.
    case 'between_tools':
      return adaptive
    default:
      return { kind: 'off' }
  }
}
