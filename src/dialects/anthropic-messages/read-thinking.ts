import type { Effort, Thinking } from '../../conversation/conversation.ts'
import { effortOf } from '../effort.ts'
import type { PromptBody } from './schema.ts'

/** An effort alone is no wish to think. Kinds of thinking that are not known stay off. */
export function readThinking(body: PromptBody): { thinking: Thinking; effort?: Effort } {
  return { thinking: kindOf(body), ...effortOf(body.output_config?.effort) }
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
