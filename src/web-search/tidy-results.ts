import type { SearchResult, SearchRules } from '../conversation/web-search.ts'
import type { FoundPage } from '../upstreams/upstream.ts'
import { tidyText } from './tidy-text.ts'

const MAX_RESULTS = 10
const MAX_URL_CHARACTERS = 2048
const MAX_TITLE_CHARACTERS = 300
const MAX_EXCERPT_CHARACTERS = 1500
const MAX_AGE_CHARACTERS = 60

/** What strangers have written becomes few, short and visible lines; addresses that are none or not allowed are left out. */
export function tidyResults(found: readonly FoundPage[], rules: SearchRules): SearchResult[] {
  const results = new Map<string, SearchResult>()
  for (const page of found) {
    const url = readUrl(page.url)
    if (url === undefined || results.has(url.href) || !isAllowed(url, rules)) continue
    const age = tidyText(page.age ?? '', MAX_AGE_CHARACTERS)
    results.set(url.href, {
      url: url.href,
      title: tidyText(page.title, MAX_TITLE_CHARACTERS) || url.hostname,
      excerpt: tidyText(page.excerpt, MAX_EXCERPT_CHARACTERS),
      ...(age !== '' && { age }),
    })
    if (results.size === MAX_RESULTS) break
  }
  return [...results.values()]
}

/** Written out it has no character that could be mistaken for anything else. */
function readUrl(text: string): URL | undefined {
  const url = text.length > MAX_URL_CHARACTERS ? null : URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined
  return url.username === '' && url.password === '' && url.href.length <= MAX_URL_CHARACTERS ? url : undefined
}

function isAllowed(url: URL, { allowedDomains, blockedDomains = [] }: SearchRules): boolean {
  if (blockedDomains.some((domain) => covers(domain, url))) return false
  return allowedDomains === undefined || allowedDomains.some((domain) => covers(domain, url))
}

/** `example.com` stands for its subdomains too, `example.com/blog` for what is below that path. */
function covers(domain: string, { hostname, pathname }: URL): boolean {
  const [, host = '', path = ''] = /^(?:https?:\/\/)?([^/]*)(.*)$/.exec(domain.toLowerCase()) ?? []
  const isHost = hostname === host || hostname.endsWith(`.${host}`)
  const folder = path.replace(/\/+$/, '')
  return (
    host !== '' && isHost && (pathname === folder || `${pathname}/`.toLowerCase().startsWith(`${folder}/`))
  )
}
