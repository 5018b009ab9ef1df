/** An assistant's message whose searches were run by a server becomes the turns in which they were made. */
import type { AssistantPart, ToolResultPart, ToolUsePart, Turn } from '../../conversation/conversation.ts'
import { tellSearch } from '../../conversation/tell-search.ts'
import type { SearchFailure, SearchOutcome } from '../../conversation/web-search.ts'
import { readCacheMark } from './read-cache-mark.ts'
import { searchCallBlock, searchResultsBlock, type Block } from './schema.ts'
import { openExcerpt } from './search-excerpt.ts'

/**
 * Models that find their own searches told in words tell the next one in words, too, in place of making it; so a search is
 * the call of a tool, and its outcome what the user side says next. Only where both are there.
 */
export function readSearches(
  blocks: readonly Block[],
  read: (block: Block, nth: number) => AssistantPart[],
): Turn[] {
  const results = blocks.some(isResult) ? readResults(blocks) : undefined
  if (results === undefined || results.size === 0) return [{ role: 'assistant', parts: blocks.flatMap(read) }]
  const called = new Set<string>()
  return blocks.map((block, nth): Turn => {
    const call = readCall(block)
    if (call !== undefined && nth < (results.get(call.id)?.nth ?? 0)) {
      called.add(call.id)
      return { role: 'assistant', parts: [call] }
    }
    const { tool_use_id: id } = block
    const result = typeof id === 'string' && called.delete(id) ? results.get(id)?.part : undefined
    return result === undefined
      ? { role: 'assistant', parts: read(block, nth) }
      : { role: 'user', parts: [result] }
  })
}

function isResult({ type }: Block): boolean {
  return type === 'web_search_tool_result'
}

function readCall(block: Block): ToolUsePart | undefined {
  if (block.type !== 'server_tool_use') return undefined
  const parsed = searchCallBlock.safeParse(block)
  if (!parsed.success) return undefined
  const { id, name, input, ...rest } = parsed.data
  return { kind: 'tool-use', id, name, input, ...readCacheMark(rest) }
}

/** By the id of the call; `nth`: where it stands. */
function readResults(blocks: readonly Block[]): Map<string, { nth: number; part: ToolResultPart }> {
  const results = new Map<string, { nth: number; part: ToolResultPart }>()
  for (const [nth, block] of blocks.entries()) {
    if (!isResult(block)) continue
    const parsed = searchResultsBlock.safeParse(block)
    if (!parsed.success) continue
    const { tool_use_id: id, content, ...rest } = parsed.data
    const part = { ...tellSearch(id, readOutcome(content)), ...readCacheMark(rest) }
    results.set(id, { nth, part })
  }
  return results
}

type Content = ReturnType<typeof searchResultsBlock.parse>['content']

function readOutcome(content: Content): SearchOutcome {
  if (!Array.isArray(content))
    return { kind: 'failed', failure: failures.get(content.error_code) ?? 'unavailable' }
  return {
    kind: 'results',
    results: content.map(({ url, title, page_age: age, encrypted_content: sealed }) => ({
      url,
      title,
      excerpt: openExcerpt(sealed),
      ...(age && { age }),
    })),
  }
}

/** By codes that clients send: an object would have members of its own for some of them. */
const failures: ReadonlyMap<string, SearchFailure> = new Map([
  ['max_uses_exceeded', 'max-uses-exceeded'],
  ['invalid_tool_input', 'invalid-query'],
  ['query_too_long', 'query-too-long'],
])
