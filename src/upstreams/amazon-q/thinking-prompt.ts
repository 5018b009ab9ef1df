/** For models without request fields: thinking is asked for by tags in the prompt (protocol 3.9), and answered in tags. */

import type { Loss } from '../../conversation/loss.ts'
import type { ModelInfo } from '../upstream.ts'
import type { Wishes } from './model-fields.ts'

interface ThinkingPrompt {
  /** Belongs at the very start of the prompt. Absent: thinking is not asked for. */
  tags?: string
  losses: Loss[]
}

const LEAST_LENGTH = 1_024
const MOST_LENGTH = 24_576

/** Such models have an effort only for thinking that they measure themselves. */
export function writeThinkingPrompt(wishes: Wishes, model: Pick<ModelInfo, 'thinking'>): ThinkingPrompt {
  const { thinking, effort } = wishes
  const canThink = model.thinking === 'tags'
  const losses: Loss[] = []
  if (effort !== undefined && !(canThink && thinking.kind === 'adaptive')) losses.push({ kind: 'effort' })
  if (thinking.kind === 'default' || thinking.kind === 'off') return { losses }
  if (!canThink) return { losses: [...losses, { kind: 'thinking' }] }
  if (thinking.kind === 'adaptive') {
    const tags = `<thinking_mode>adaptive</thinking_mode><thinking_effort>${effort ?? 'high'}</thinking_effort>`
    return { tags, losses }
  }
  const length = Math.max(LEAST_LENGTH, Math.min(thinking.budgetTokens, MOST_LENGTH))
  if (length !== thinking.budgetTokens) losses.push({ kind: 'thinking', detail: 'budget_tokens' })
  const tags = `<thinking_mode>enabled</thinking_mode><max_thinking_length>${length}</max_thinking_length>`
  return { tags, losses }
}
