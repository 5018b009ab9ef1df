import * as z from 'zod'
import { withSites, type Backend } from './backend.ts'
import { readPages } from './read-pages.ts'

const answer = z.looseObject({ results: z.array(z.unknown()) })
const page = z.looseObject({
  url: z.string(),
  title: z.string(),
  content: z.string().nullish(),
  publishedDate: z.string().nullish(),
})

/** SearXNG, https://docs.searxng.org/dev/search_api.html. Its settings have to allow `json` among the formats. */
export const searxng: Backend = {
  ask(query, { address, rules }) {
    const url = new URL(`${address}/search`)
    url.search = new URLSearchParams({ q: withSites(query, rules), format: 'json' }).toString()
    return { method: 'GET', url, headers: {} }
  },
  read(value) {
    const read = answer.safeParse(value)
    if (!read.success) return undefined
    return readPages(read.data.results, page, (found) => ({
      url: found.url,
      title: found.title,
      excerpt: found.content ?? '',
      age: found.publishedDate ?? undefined,
    }))
  },
}
