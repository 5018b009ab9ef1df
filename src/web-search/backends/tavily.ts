import * as z from 'zod'
import type { Backend } from './backend.ts'
import { readPages } from './read-pages.ts'

const answer = z.looseObject({ results: z.array(z.unknown()) })
const page = z.looseObject({
  url: z.string(),
  title: z.string(),
  content: z.string().nullish(),
  published_date: z.string().nullish(),
})

/** Tavily, https://docs.tavily.com/documentation/api-reference/endpoint/search. */
export const tavily: Backend = {
  ask(query, { address, key, rules }) {
    const { allowedDomains, blockedDomains } = rules
    return {
      method: 'POST',
      url: new URL(`${address}/search`),
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        query,
        max_results: 10,
        ...(allowedDomains !== undefined && { include_domains: allowedDomains }),
        ...(blockedDomains !== undefined && { exclude_domains: blockedDomains }),
      }),
    }
  },
  read(value) {
    const read = answer.safeParse(value)
    if (!read.success) return undefined
    return readPages(read.data.results, page, (found) => ({
      url: found.url,
      title: found.title,
      excerpt: found.content ?? '',
      age: found.published_date ?? undefined,
    }))
  },
}
