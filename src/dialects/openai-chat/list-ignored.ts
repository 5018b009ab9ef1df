import { presentFields } from '../request-body.ts'
import { IGNORED_ANYWHERE, IGNORED_FIELDS, type ChatBody } from './schema.ts'

/** The fields of a request that were accepted but are not carried to the model. */
export function listIgnored(body: ChatBody): string[] {
  const ignored = new Set(presentFields(body, IGNORED_FIELDS))
  if (body.parallel_tool_calls === false) ignored.add('parallel_tool_calls')
  for (const element of elementsOf(body)) {
    for (const name of presentFields(element, IGNORED_ANYWHERE)) ignored.add(name)
  }
  return [...ignored]
}

/** The body and everything in it that may carry fields of its own. */
function* elementsOf(body: ChatBody): Generator<Record<string, unknown>> {
  yield body
  for (const tool of body.tools ?? []) {
    yield tool
    yield tool.function
  }
  for (const message of body.messages) {
    yield message
    if (Array.isArray(message.content)) yield* message.content
    if (message.role === 'assistant') yield* message.tool_calls ?? []
  }
}
