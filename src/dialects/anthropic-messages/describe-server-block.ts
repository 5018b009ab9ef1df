/**
 * Tools that a server of Anthropic's ran leave blocks in the history that no other service knows. What they say is told
 * in words, so that the conversation goes on with it; what is sealed or means nothing here is left out.
 */
import { isJsonObject } from '../request-body.ts'
import type { Block } from './schema.ts'

/** Members that say something, in the order of telling. */
const READABLE_MEMBERS = [
  'title',
  'url',
  'page_age',
  'retrieved_at',
  'tool_name',
  'error_code',
  'error_message',
  'text',
  'stdout',
  'stderr',
  'lines',
  'content',
  'source',
  'data',
  'file_id',
  'tool_references',
  'tabs',
  'state_changes',
]
/** Deeper than any block of the API. */
const MAX_DEPTH = 10

/** Undefined when it is no such block, or one that says nothing. */
export function describeServerBlock(block: Block): string | undefined {
  const { type } = block
  if (type === 'container_upload') return heading('File put into the container', block['file_id'])
  if (type === 'browser_state') return withBody(heading('Browser state'), block)
  if (type === 'compaction') {
    const summary = block['content']
    return typeof summary === 'string'
      ? `${heading('Summary of what was said before')}\n${summary}`
      : undefined
  }
  if (type.endsWith('_tool_use')) return describeCall(block)
  if (!type.endsWith('_tool_result')) return undefined
  const name = type.slice(0, -'_tool_result'.length)
  const failed = block['is_error'] === true ? 'Failed server tool' : 'Result of server tool'
  return withBody(heading(failed, name), block['content'])
}

function describeCall({ name, server_name: server, input }: Block): string {
  const of = typeof server === 'string' ? `${String(name)} of ${server}` : name
  return `${heading('Call of server tool', of)}\n${JSON.stringify(input ?? {})}`
}

function heading(what: string, name?: unknown): string {
  return typeof name === 'string' ? `[${what}: ${name}]` : `[${what}]`
}

function withBody(head: string, content: unknown): string {
  return [head, ...readable(content, 0)].join('\n')
}

function* readable(value: unknown, depth: number): Generator<string> {
  if (typeof value === 'string' && value !== '') yield value
  if (depth > MAX_DEPTH) return
  if (Array.isArray(value)) for (const element of value) yield* readable(element, depth + 1)
  if (!isJsonObject(value)) return
  const isBase64 = value['type'] === 'base64'
  if (isBase64) yield heading('Not shown', value['media_type'])
  for (const name of READABLE_MEMBERS) {
    if (!isBase64 && Object.hasOwn(value, name)) yield* readable(value[name], depth + 1)
  }
  const code = value['return_code']
  if (typeof code === 'number' && code !== 0) yield `exit code ${code}`
}
