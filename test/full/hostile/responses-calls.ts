/** Calls of tools and what came of them, as items of the Responses API. */
import fc from 'fast-check'
import type OpenAI from 'openai'
import { image, toolInput, toolName, words } from './body-values.ts'

type Item = OpenAI.Responses.ResponseInputItem
type Output = OpenAI.Responses.ResponseFunctionCallOutputItem

const callId = fc.integer({ min: 0, max: 1e6 }).map((nth) => `call_${nth}`)

const output: fc.Arbitrary<string | Output[]> = fc.oneof(
  words,
  fc.array(
    fc.oneof(
      words.map((text): Output => ({ type: 'input_text', text })),
      image.map(({ url }): Output => ({ type: 'input_image', image_url: url, detail: null })),
    ),
    { minLength: 1, maxLength: 2 },
  ),
)

const functionCall: fc.Arbitrary<Item[]> = fc
  .tuple(callId, toolName, toolInput, output, fc.constantFrom('completed', undefined), fc.boolean())
  .map(([id, name, input, result, status, isInNamespace]) => [
    {
      type: 'function_call',
      call_id: id,
      name,
      arguments: JSON.stringify(input),
      id: `fc_${id}`,
      ...(status !== undefined && { status }),
      ...(isInNamespace && { namespace: 'mcp__server' }),
    },
    { type: 'function_call_output', call_id: id, output: result, id: null },
  ])

const customCall: fc.Arbitrary<Item[]> = fc.tuple(callId, words, words).map(([id, input, result]) => [
  { type: 'custom_tool_call', call_id: id, name: 'run', input },
  { type: 'custom_tool_call_output', call_id: id, output: result },
])

const localShellCall: fc.Arbitrary<Item[]> = fc.tuple(callId, words).map(([id, result]) => [
  {
    type: 'local_shell_call',
    id,
    call_id: id,
    status: 'completed',
    action: { type: 'exec', command: ['ls', '-l'], env: {}, timeout_ms: null },
  },
  { type: 'local_shell_call_output', id, output: result },
])

const shellCall: fc.Arbitrary<Item[]> = fc.tuple(callId, words).map(([id, stdout]) => [
  {
    type: 'shell_call',
    call_id: id,
    action: { commands: ['ls'], timeout_ms: 1000, max_output_length: null },
    status: 'completed',
  },
  {
    type: 'shell_call_output',
    call_id: id,
    output: [
      { stdout, stderr: '', outcome: { type: 'exit', exit_code: 1 } },
      { stdout: '', stderr: '', outcome: { type: 'timeout' } },
    ],
    max_output_length: null,
  },
])

const patchCall: fc.Arbitrary<Item[]> = fc
  .tuple(callId, fc.constantFrom('completed', 'failed'), fc.option(words))
  .map(([id, status, result]) => [
    {
      type: 'apply_patch_call',
      call_id: id,
      status: 'completed',
      operation: { type: 'update_file', path: 'a', diff: '@@\n-a\n+b' },
    },
    { type: 'apply_patch_call_output', call_id: id, status, output: result },
  ])

/** A call and its result. */
export const responsesCalls: fc.Arbitrary<Item[]> = fc.oneof(
  { weight: 3, arbitrary: functionCall },
  customCall,
  localShellCall,
  shellCall,
  patchCall,
)
