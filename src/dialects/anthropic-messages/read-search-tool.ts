/** The server tool that searches the web, which the gateway runs by itself. */
import type { Tool } from '../../conversation/conversation.ts'
import { parseBody } from '../request-body.ts'
import { createSearchTool } from '../web-search-tool.ts'
import { readCacheMark } from './read-cache-mark.ts'
import { searchTool, type AnyTool } from './schema.ts'

/** Versions differ in their dates, and in what else may call the tool. */
const SEARCH_TYPE = /^web_search_\d{1,20}$/

/** Undefined when it is another tool. `field`: its path, for errors. */
export function readSearchTool(tool: AnyTool, field: string): Tool | undefined {
  if (!SEARCH_TYPE.test(tool.type ?? '')) return undefined
  const {
    name,
    max_uses: maxUses,
    allowed_domains: allowed,
    blocked_domains: blocked,
  } = parseBody(searchTool, tool, field)
  const rules = {
    ...(typeof maxUses === 'number' && { maxUses }),
    ...(allowed && { allowedDomains: allowed }),
    ...(blocked && { blockedDomains: blocked }),
  }
  return { ...createSearchTool(rules, name || undefined), ...readCacheMark(tool) }
}

/** The fields of the tools that search, as the header of what is ignored names them. */
export function fieldsOfSearch(tools: readonly AnyTool[]): string[] {
  const types = tools.map(({ type }) => type ?? '').filter((type) => SEARCH_TYPE.test(type))
  return [...new Set(types)].map((type) => `tools.${type}`)
}
