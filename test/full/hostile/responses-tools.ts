/** Tools and choices of them, by the types of the Responses API. */
import fc from 'fast-check'
import type OpenAI from 'openai'
import { objectSchema, toolName, words } from './body-values.ts'

type Body = OpenAI.Responses.ResponseCreateParams
type Tool = OpenAI.Responses.Tool

const functionTool = fc.record(
  {
    type: fc.constant('function'),
    name: toolName,
    parameters: fc.option(objectSchema),
    strict: fc.constantFrom(true, false, null),
    description: fc.option(words),
    defer_loading: fc.boolean(),
    output_schema: fc.option(objectSchema),
    allowed_callers: fc.constantFrom<('direct' | 'programmatic')[] | null>(['direct'], null),
  },
  { requiredKeys: ['type', 'name', 'parameters', 'strict'] },
)

const others = fc.subarray<Tool>(
  [
    { type: 'custom', name: 'run', format: { type: 'grammar', syntax: 'lark', definition: 'start: "a"' } },
    { type: 'custom', name: 'say', description: 'Says it.', format: { type: 'text' } },
    { type: 'local_shell' },
    { type: 'shell', environment: { type: 'local' } },
    { type: 'apply_patch' },
    {
      type: 'namespace',
      name: 'mcp__server',
      description: 'Tools of a server.',
      tools: [
        { type: 'function', name: 'find', parameters: { type: 'object' } },
        { type: 'custom', name: 'sing' },
      ],
    },
    { type: 'web_search', filters: { allowed_domains: ['example.com'] }, search_context_size: 'low' },
    { type: 'file_search', vector_store_ids: ['vs_1'] },
    { type: 'code_interpreter', container: { type: 'auto' } },
    { type: 'image_generation' },
    { type: 'mcp', server_label: 's', server_url: 'https://mcp.example' },
    { type: 'tool_search' },
  ],
  { maxLength: 5 },
)

/** `tool_choice` means one of them, if it means one. */
export const responsesTools: fc.Arbitrary<Partial<Body>> = fc
  .record({
    functions: fc.uniqueArray(functionTool, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
    more: others,
    choice: fc.constantFrom('auto', 'none', 'required', 'one', 'some', undefined),
    parallel: fc.constantFrom(true, false, null, undefined),
  })
  .map(({ functions, more, choice, parallel }): Partial<Body> => {
    const offered = {
      tools: [...functions, ...more],
      ...(parallel !== undefined && { parallel_tool_calls: parallel }),
    }
    const named = { type: 'function' as const, name: functions[0]?.name ?? '' }
    if (choice === undefined) return offered
    if (choice === 'one') return { ...offered, tool_choice: named }
    if (choice !== 'some') return { ...offered, tool_choice: choice }
    return { ...offered, tool_choice: { type: 'allowed_tools', mode: 'required', tools: [named] } }
  })
