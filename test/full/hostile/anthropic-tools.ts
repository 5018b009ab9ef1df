/** Tools and choices of them, by the types of Anthropic's own library. */
import type Anthropic from '@anthropic-ai/sdk'
import fc from 'fast-check'
import { objectSchema, toolName, words } from './body-values.ts'

type Messages = Anthropic.Beta.Messages.MessageCreateParams
type Tool = Anthropic.Beta.Messages.BetaToolUnion

const customTool: fc.Arbitrary<Tool & { name: string }> = fc.record(
  {
    name: toolName,
    input_schema: objectSchema,
    type: fc.constantFrom('custom', null),
    description: words,
    cache_control: fc.constantFrom({ type: 'ephemeral' }, null),
    strict: fc.boolean(),
    defer_loading: fc.boolean(),
    eager_input_streaming: fc.constantFrom(true, false, null),
    input_examples: fc.constant<Record<string, unknown>[]>([{ path: 'a' }]),
    allowed_callers: fc.constant(['direct']),
  },
  { requiredKeys: ['name', 'input_schema'] },
)

const ownTools = fc.subarray<Tool>([
  { type: 'bash_20250124', name: 'bash' },
  { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool', max_characters: 1000 },
  { type: 'memory_20250818', name: 'memory' },
  {
    type: 'web_search_20250305',
    name: 'web_search',
    max_uses: 3,
    allowed_domains: ['example.com'],
    user_location: { type: 'approximate', city: 'Wien' },
  },
  { type: 'web_fetch_20250910', name: 'web_fetch', max_uses: 1 },
  { type: 'code_execution_20250825', name: 'code_execution' },
  { type: 'tool_search_tool_regex_20251119', name: 'tool_search_tool_regex' },
  { type: 'computer_20250124', name: 'computer', display_width_px: 800, display_height_px: 600 },
  { type: 'mcp_toolset', mcp_server_name: 's' },
])

/** `tool_choice` means one of them, if it means one. */
export const anthropicTools: fc.Arbitrary<Pick<Messages, 'tools' | 'tool_choice'>> = fc
  .record({
    custom: fc.uniqueArray(customTool, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
    own: ownTools,
    isParallel: fc.boolean(),
    choice: fc.constantFrom('auto', 'any', 'tool', 'none', undefined),
  })
  .map(({ custom, own, isParallel, choice }) => {
    const tools = [...custom, ...own]
    const name = custom[0]?.name ?? ''
    if (choice === undefined) return { tools }
    if (choice === 'none') return { tools, tool_choice: { type: choice } }
    const parallel = { disable_parallel_tool_use: !isParallel }
    if (choice === 'tool') return { tools, tool_choice: { type: choice, name, ...parallel } }
    return { tools, tool_choice: { type: choice, ...parallel } }
  })
