/** Calls of the tools that the API has forms of its own for. */
import * as z from 'zod'
import type { JsonObject } from '../../conversation/conversation.ts'
import { parseJsonObject } from '../../conversation/parse-json.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { ClientTool } from './answer-wishes.ts'
import {
  itemIdOf,
  writeAdded,
  writeDone,
  type ItemPlace,
  type ItemStream,
  type ItemWriter,
} from './output-item.ts'

export interface SpecialCall {
  /** The call's own, by which its result comes back. */
  id: string
  tool: Exclude<ClientTool, { name: string } | { kind: 'web-search' }>
}

type Status = 'in_progress' | 'completed'

/** `input`: what the model wrote. Where it left something out, so does the call, as far as readers of it allow. */
export function writeSpecialCall(
  place: ItemPlace,
  { id, tool }: SpecialCall,
  { input, status = 'completed' }: { input: JsonObject; status?: Status },
): JsonObject {
  switch (tool.kind) {
    case 'local-shell':
      return {
        id: itemIdOf('lsh', place),
        type: 'local_shell_call',
        status,
        call_id: id,
        action: writeLocalShellAction(input),
      }
    case 'shell':
      return {
        id: itemIdOf('sh', place),
        type: 'shell_call',
        status,
        call_id: id,
        action: shellAction.parse(input),
        environment: null,
      }
    case 'apply-patch':
      return {
        id: itemIdOf('apc', place),
        type: 'apply_patch_call',
        status,
        call_id: id,
        operation: writeOperation(input),
      }
    default:
      return unreachable(tool.kind)
  }
}

/** All of it at the end: clients know no pieces of such a call, and want it whole from its first event on. */
export function createSpecialCallWriter(stream: ItemStream, call: SpecialCall): ItemWriter {
  const texts: string[] = []
  return {
    open: () => '',
    add(piece) {
      texts.push(piece)
      return ''
    },
    close() {
      const input = parseJsonObject(texts.join('')) ?? {}
      const item = writeSpecialCall(stream.place, call, { input })
      const begun = writeSpecialCall(stream.place, call, { input, status: 'in_progress' })
      return { written: writeAdded(stream, begun) + writeDone(stream, item), item }
    },
  }
}

const optional = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined)

const localShellAction = z.object({
  command: z.union([z.array(z.string()), z.string().transform((line) => ['bash', '-lc', line])]).catch([]),
  env: z.record(z.string(), z.string()).catch({}),
  timeout_ms: optional(z.number()),
  user: optional(z.string()),
  working_directory: optional(z.string()),
})

/** Without what the model did not say: readers take no null there. */
function writeLocalShellAction(input: JsonObject): JsonObject {
  const { command, env, ...rest } = localShellAction.parse(input)
  const said = Object.entries(rest).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return { type: 'exec', command, env, ...Object.fromEntries(said) }
}

const shellAction = z.object({
  commands: z.union([z.array(z.string()), z.string().transform((line) => [line])]).catch([]),
  timeout_ms: z.number().nullable().catch(null),
  max_output_length: z.number().nullable().catch(null),
})

const patched = z.object({
  type: z.enum(['create_file', 'update_file']),
  path: z.string(),
  diff: z.string().catch(''),
})
const deleted = z.object({ type: z.literal('delete_file'), path: z.string() })
const operation = z.discriminatedUnion('type', [patched, deleted])

function writeOperation(input: JsonObject): JsonObject {
  return operation.safeParse(input).data ?? input
}
