import { presentFields } from '../request-body.ts'
import { blocksOf } from './read-blocks.ts'
import {
  IGNORED_ANYWHERE,
  IGNORED_FIELDS,
  type AssistantBlock,
  type MessagesBody,
  type TextBlock,
  type UserBlock,
} from './schema.ts'

/** The fields of a request that were accepted but are not carried to the model. */
export function listIgnored(body: MessagesBody): string[] {
  const ignored = new Set(presentFields(body, IGNORED_FIELDS))
  if (body.tool_choice?.disable_parallel_tool_use) ignored.add('tool_choice.disable_parallel_tool_use')
  if (presentFields(body.output_config ?? {}, ['effort']).length > 0) ignored.add('output_config.effort')
  for (const element of elementsOf(body)) {
    for (const name of presentFields(element, IGNORED_ANYWHERE)) ignored.add(name)
  }
  return [...ignored]
}

/** The body and everything in it that may carry fields of its own. */
function* elementsOf(body: MessagesBody): Generator<Record<string, unknown>> {
  yield body
  yield* body.tools ?? []
  if (typeof body.system === 'object') yield* body.system ?? []
  for (const message of body.messages) {
    yield message
    for (const block of blocksOf<TextBlock | UserBlock | AssistantBlock>(message.content)) {
      yield block
      if (block.type === 'tool_result' && Array.isArray(block.content)) yield* block.content
    }
  }
}
