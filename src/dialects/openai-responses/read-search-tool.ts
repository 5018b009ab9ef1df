/** The tool that searches the web, which the gateway runs by itself. */
import * as z from 'zod'
import type { Tool } from '../../conversation/conversation.ts'
import type { UnreadTool } from '../tool-schema.ts'
import { listOf, parseBody } from '../request-body.ts'
import { createSearchTool } from '../web-search-tool.ts'

/** `web_search`, and the previews before it; versions differ in their dates only. */
const SEARCH_TYPE = /^web_search(_preview)?(_\d{4}_\d{2}_\d{2})?$/

const domains = listOf(z.string().min(1).max(255), z.array(z.unknown()).max(100)).nullish()

const searchTool = z.looseObject({
  filters: z.looseObject({ allowed_domains: domains, blocked_domains: domains }).nullish(),
  external_web_access: z.boolean().nullish().catch(null),
})

export function isSearchType(type: string): boolean {
  return SEARCH_TYPE.test(type)
}

/** Undefined where the client forbids to go out to the web: it knows an index that the gateway has not. `field`: its path. */
export function readSearchTool(tool: UnreadTool, field: string): Tool | undefined {
  const { filters, external_web_access: mayGoOut } = parseBody(searchTool, tool, field)
  if (mayGoOut === false) return undefined
  const { allowed_domains: allowed, blocked_domains: blocked } = filters ?? {}
  return createSearchTool({
    ...(allowed && { allowedDomains: allowed }),
    ...(blocked && { blockedDomains: blocked }),
  })
}
