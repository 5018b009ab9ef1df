/** The items of a conversation: what was said, called, answered and thought, in one flat list. */
import * as z from 'zod'
import { pieceContent, spokenContent, toolInput } from '../content-schema.ts'
import { isJsonObject, jsonObject, listOf } from '../request-body.ts'
import { tool } from '../tool-schema.ts'

const message = z.looseObject({
  type: z.literal('message'),
  role: z.literal(['user', 'assistant', 'system', 'developer']),
  content: spokenContent.nullish(),
})

const functionCall = z.looseObject({
  type: z.literal('function_call'),
  call_id: z.string(),
  name: z.string(),
  namespace: z.string().nullish().catch(null),
  arguments: toolInput,
})

const customToolCall = z.looseObject({
  type: z.literal('custom_tool_call'),
  call_id: z.string(),
  name: z.string(),
  namespace: z.string().nullish().catch(null),
  input: z.string().nullish(),
})

const callOutput = z.looseObject({
  type: z.literal(['function_call_output', 'custom_tool_call_output']),
  call_id: z.string(),
  output: pieceContent.nullish(),
})

/** The oldest of the tools for commands: some clients tell its call by the id of the item alone. */
const eitherId = { call_id: z.string().nullish(), id: z.string().nullish() }

const localShellCall = z.looseObject({
  type: z.literal('local_shell_call'),
  ...eitherId,
  action: jsonObject,
})

const localShellCallOutput = z.looseObject({
  type: z.literal('local_shell_call_output'),
  ...eitherId,
  output: pieceContent.nullish(),
})

const shellCall = z.looseObject({
  type: z.literal('shell_call'),
  call_id: z.string(),
  action: jsonObject,
})

const commandResult = z.looseObject({
  stdout: z.string().nullish().catch(null),
  stderr: z.string().nullish().catch(null),
  outcome: z
    .looseObject({ type: z.string(), exit_code: z.number().nullish().catch(null) })
    .nullish()
    .catch(null),
})

const shellCallOutput = z.looseObject({
  type: z.literal('shell_call_output'),
  call_id: z.string(),
  output: z.union([z.string(), listOf(commandResult)]).nullish(),
})

const applyPatchCall = z.looseObject({
  type: z.literal('apply_patch_call'),
  call_id: z.string(),
  operation: jsonObject,
})

const applyPatchCallOutput = z.looseObject({
  type: z.literal('apply_patch_call_output'),
  call_id: z.string(),
  status: z.string().nullish().catch(null),
  output: z.string().nullish(),
})

const thoughts = z
  .array(z.looseObject({ text: z.string().catch('') }))
  .nullish()
  .catch(null)

const reasoning = z.looseObject({
  type: z.literal('reasoning'),
  summary: thoughts,
  content: thoughts,
  encrypted_content: z.string().nullish().catch(null),
})

const compaction = z.looseObject({
  // Clients have known it by several names.
  type: z.literal(['compaction', 'compaction_summary', 'context_compaction']),
  encrypted_content: z.string().nullish().catch(null),
})

/** A search that was run for the model; what it did else with the web is not known here. */
const webSearchCall = z.looseObject({
  type: z.literal('web_search_call'),
  id: z.string().nullish().catch(null),
  status: z.string().nullish().catch(null),
  action: z
    .looseObject({
      type: z.literal('search'),
      query: z.string().min(1),
      sources: z
        .array(z.looseObject({ url: z.string() }))
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
})

const compactionTrigger = z.looseObject({ type: z.literal('compaction_trigger') })

/** Tools that are declared in the midst of a conversation. */
const laterTools = z.looseObject({
  type: z.literal(['additional_tools', 'tool_search_output']),
  tools: listOf(tool).nullish(),
})

const itemReference = z.looseObject({ type: z.literal('item_reference'), id: z.string() })

/** What stands for every type that is not known here; `unknownType` is its name. */
const unknownItem = z.looseObject({ type: z.literal('unknown'), unknownType: z.string() })

const known = [
  message,
  functionCall,
  customToolCall,
  callOutput,
  localShellCall,
  localShellCallOutput,
  shellCall,
  shellCallOutput,
  applyPatchCall,
  applyPatchCallOutput,
  reasoning,
  compaction,
  webSearchCall,
  compactionTrigger,
  laterTools,
  itemReference,
] as const

const knownTypes: ReadonlySet<string> = new Set(known.flatMap(({ shape }) => [...shape.type.values]))

export const item = z.preprocess(markType, z.discriminatedUnion('type', [...known, unknownItem]))

/** A message may come without a type, and so may the reference to an item. */
function markType(value: unknown): unknown {
  if (!isJsonObject(value)) return value
  const { type } = value
  if (typeof type === 'string') {
    return knownTypes.has(type) ? value : { ...value, type: 'unknown', unknownType: type }
  }
  if (type !== undefined && type !== null) return value
  return { ...value, type: 'role' in value || !('id' in value) ? 'message' : 'item_reference' }
}

export type Item = z.output<typeof item>
export type ItemOf<T extends Item['type']> = Extract<Item, { type: T }>
