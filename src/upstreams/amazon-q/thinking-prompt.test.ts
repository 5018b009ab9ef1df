import { describe, expect, it } from 'vitest'
import type { Effort, Thinking } from '../../conversation/conversation.ts'
import { writeThinkingPrompt } from './thinking-prompt.ts'

const adaptive: Thinking = { kind: 'adaptive', shown: true }
const budget = (budgetTokens: number): Thinking => ({ kind: 'budget', budgetTokens, shown: false })
const enabled = (length: number) =>
  `<thinking_mode>enabled</thinking_mode><max_thinking_length>${length}</max_thinking_length>`
const effortOf = (effort: string) =>
  `<thinking_mode>adaptive</thinking_mode><thinking_effort>${effort}</thinking_effort>`

describe('asking for thinking in the prompt', () => {
  it.each<['tags' | 'none', Thinking, Effort | undefined, string | undefined, object[]]>([
    ['tags', { kind: 'default' }, undefined, undefined, []],
    ['tags', { kind: 'off' }, undefined, undefined, []],
    ['tags', { kind: 'off' }, 'high', undefined, [{ kind: 'effort' }]],
    ['tags', adaptive, undefined, effortOf('high'), []],
    ['tags', adaptive, 'low', effortOf('low'), []],
    ['tags', budget(16_000), undefined, enabled(16_000), []],
    ['tags', budget(16_000), 'low', enabled(16_000), [{ kind: 'effort' }]],
    ['tags', budget(1), undefined, enabled(1_024), [{ kind: 'thinking', detail: 'budget_tokens' }]],
    ['tags', budget(31_999), undefined, enabled(24_576), [{ kind: 'thinking', detail: 'budget_tokens' }]],
    ['none', { kind: 'off' }, undefined, undefined, []],
    ['none', adaptive, 'low', undefined, [{ kind: 'effort' }, { kind: 'thinking' }]],
    ['none', budget(2_000), undefined, undefined, [{ kind: 'thinking' }]],
  ])('of a model that takes %s: %j with effort %s', (thinks, thinking, effort, tags, losses) => {
    const limits = { stopSequences: [] }
    const wishes = { thinking, limits, ...(effort !== undefined && { effort }) }
    expect(writeThinkingPrompt(wishes, { thinking: thinks })).toEqual({
      ...(tags !== undefined && { tags }),
      losses,
    })
  })
})
