/** The tool by which a model asks the gateway to search the web, whatever the client calls it. */
import type { Tool } from '../conversation/conversation.ts'
import type { SearchRules } from '../conversation/web-search.ts'

export const SEARCH_TOOL = 'web_search'

export function createSearchTool(rules: Omit<SearchRules, 'kind'>, name = SEARCH_TOOL): Tool {
  return {
    name,
    description:
      'Searches the web and gives titles, addresses and excerpts of pages. Use it for what is recent, may have changed, or has to be looked up. Name the addresses of the pages that your answer rests on.',
    inputSchema: {
      type: 'object',
      properties: { query: { type: 'string', description: 'What to search for, in a few words.' } },
      required: ['query'],
    },
    serverRun: { kind: 'web-search', ...rules },
  }
}
