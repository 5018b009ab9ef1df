/** Calls of tools, and what came of them. */
import type { JsonObject, ToolResultPart, ToolUsePart } from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { Place } from '../read-media.ts'
import { isJsonObject } from '../request-body.ts'
import { createText, createToolUse, readPieces } from '../read-parts.ts'
import type { ItemOf } from './item-schema.ts'
import type { ToolTable } from './tool-table.ts'

export type CallItem = ItemOf<
  'function_call' | 'custom_tool_call' | 'local_shell_call' | 'shell_call' | 'apply_patch_call'
>
export type OutputItem = ItemOf<
  | 'function_call_output'
  | 'custom_tool_call_output'
  | 'local_shell_call_output'
  | 'shell_call_output'
  | 'apply_patch_call_output'
>
type CommandResult = Exclude<ItemOf<'shell_call_output'>['output'], string | null | undefined>[number]

/** As the model wrote it: see the inputs of the kinds of tools. */
export function readCall(item: CallItem, table: ToolTable, field: string): ToolUsePart {
  switch (item.type) {
    case 'function_call': {
      const name = table.modelNameOf(item.name, item.namespace ?? undefined)
      return createToolUse(item.call_id, name, item.arguments)
    }
    case 'custom_tool_call': {
      const name = table.modelNameOf(item.name, item.namespace ?? undefined)
      return createToolUse(item.call_id, name, { input: item.input ?? '' })
    }
    case 'local_shell_call':
      return createToolUse(
        callIdOf(item, field),
        table.modelNameOfKind('local-shell'),
        inputOfAction(item.action),
      )
    case 'shell_call':
      return createToolUse(item.call_id, table.modelNameOfKind('shell'), inputOfAction(item.action))
    case 'apply_patch_call':
      return createToolUse(item.call_id, table.modelNameOfKind('apply-patch'), item.operation)
    default:
      return unreachable(item)
  }
}

/** `place`: of the item. */
export function readOutput(item: OutputItem, place: Place): ToolResultPart {
  switch (item.type) {
    case 'function_call_output':
    case 'custom_tool_call_output':
    case 'local_shell_call_output': {
      const inside = { ...place, field: `${place.field}.output`, element: `${place.element}.output` }
      return {
        kind: 'tool-result',
        toolUseId: callIdOf(item, place.field),
        content: readPieces(item.output, inside),
        failed: false,
      }
    }
    case 'shell_call_output': {
      const { output } = item
      const text = typeof output === 'string' ? output : (output ?? []).map(describeResult).join('\n\n')
      return createTextResult(item.call_id, text)
    }
    case 'apply_patch_call_output':
      return {
        ...createTextResult(item.call_id, item.output ?? item.status ?? ''),
        failed: item.status === 'failed',
      }
    default:
      return unreachable(item)
  }
}

/** Without the type, which is the same for all, and without what the API adds where the model said nothing. */
function inputOfAction(action: JsonObject): JsonObject {
  const said = Object.entries(action).filter(([name, value]) => {
    const isEmpty = isJsonObject(value) && Object.keys(value).length === 0
    return name !== 'type' && value !== null && !isEmpty
  })
  return Object.fromEntries(said)
}

interface CallReference {
  type: string
  call_id?: string | null | undefined
  id?: unknown
}

function callIdOf(item: CallReference, field: string): string {
  const id = item.call_id ?? item.id
  if (typeof id === 'string') return id
  // By the API this one has no other.
  const path = `${field}.${item.type === 'local_shell_call_output' ? 'id' : 'call_id'}`
  throw new GatewayError('invalid-request', `${path}: Field required`, {
    field: path,
    code: 'missing_required_parameter',
  })
}

function createTextResult(toolUseId: string, text: string): ToolResultPart {
  return { kind: 'tool-result', toolUseId, content: text === '' ? [] : [createText(text)], failed: false }
}

/** What a command printed, and how it ended where that is not well. */
function describeResult({ stdout, stderr, outcome }: CommandResult): string {
  const lines = [stdout ?? '', stderr ?? '']
  if (outcome?.type === 'timeout') lines.push('[The command was given up, as it took too long.]')
  else if ((outcome?.exit_code ?? 0) !== 0) lines.push(`[exit code ${outcome?.exit_code}]`)
  return lines.filter((line) => line !== '').join('\n')
}
