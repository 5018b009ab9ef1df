interface Page<T> {
  items: readonly T[]
  nextToken?: string
}

interface Collecting<T> {
  fetch: (nextToken: string | undefined) => Promise<string>
  /** Undefined: it is no such page. */
  read: (body: string) => Page<T> | undefined
  keyOf: (item: T) => string
  mostItems: number
  /** What to throw about a page that cannot be read. */
  unreadable: () => Error
}

const MOST_PAGES = 20

/** All items of a list that comes in pages, each once; of a list without end, its beginning. */
export async function collectPages<T>(collecting: Collecting<T>): Promise<T[]> {
  const { fetch, read, keyOf, mostItems, unreadable } = collecting
  const items = new Map<string, T>()
  const tokens = new Set<string>()
  for (let token: string | undefined; tokens.size < MOST_PAGES && items.size < mostItems;) {
    const page = read(await fetch(token))
    if (page === undefined) throw unreadable()
    for (const item of page.items) if (!items.has(keyOf(item))) items.set(keyOf(item), item)
    token = page.nextToken
    // A token that comes again would lead round in a circle.
    if (token === undefined || tokens.has(token)) break
    tokens.add(token)
  }
  return [...items.values()].slice(0, mostItems)
}
