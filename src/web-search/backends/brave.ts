import * as z from 'zod'
import { withSites, type Backend } from './backend.ts'
import { readPages } from './read-pages.ts'

const answer = z.looseObject({ web: z.looseObject({ results: z.array(z.unknown()) }).nullish() })
const page = z.looseObject({
  url: z.string(),
  title: z.string(),
  description: z.string().nullish(),
  page_age: z.string().nullish(),
})

/** Brave Search, https://api-dashboard.search.brave.com/app/documentation/web-search. */
export const brave: Backend = {
  ask(query, { address, key, rules }) {
    const url = new URL(`${address}/res/v1/web/search`)
    url.search = new URLSearchParams({
      q: withSites(query, rules),
      count: '10',
      result_filter: 'web',
      text_decorations: 'false',
    }).toString()
    return { method: 'GET', url, headers: { 'x-subscription-token': key } }
  },
  read(value) {
    const read = answer.safeParse(value)
    if (!read.success) return undefined
    // Without the list nothing was found.
    return readPages(read.data.web?.results ?? [], page, (found) => ({
      url: found.url,
      title: found.title,
      excerpt: found.description ?? '',
      age: found.page_age ?? undefined,
    }))
  },
}
