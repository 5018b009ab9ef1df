/** Ways to look at the list that somebody wants again: filters and order under a name. This browser remembers. */
import { signal } from '@preact/signals'

export interface SavedView {
  name: string
  /** As in the address. */
  query: Readonly<Record<string, string>>
}

/** What belongs to a view; which account is open does not. */
const PARAMETERS = ['q', 'state', 'tag', 'plan', 'region', 'sort'] as const
const STORED_AS = 'aqueduct.accounts.views'
const MOST_VIEWS = 30
export const LONGEST_NAME = 60

export const savedViews = signal<readonly SavedView[]>(readViews())

export function viewOf(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    PARAMETERS.flatMap((name) => {
      const value = query.get(name) ?? ''
      return value === '' ? [] : [[name, value]]
    }),
  )
}

/** For changeQuery: what the view does not name is taken away. */
export function queryOf({ query }: SavedView): Record<string, string | undefined> {
  return Object.fromEntries(PARAMETERS.map((name) => [name, query[name]]))
}

export function isSameView(one: Readonly<Record<string, string>>, other: typeof one): boolean {
  return PARAMETERS.every((name) => one[name] === other[name])
}

/** Takes the place of one of the same name. */
export function saveView(view: SavedView): void {
  const others = savedViews.value.filter(({ name }) => name !== view.name)
  keep([...others, view].slice(-MOST_VIEWS))
}

export function removeView(name: string): void {
  keep(savedViews.value.filter((view) => view.name !== name))
}

function keep(views: readonly SavedView[]): void {
  savedViews.value = views
  try {
    localStorage.setItem(STORED_AS, JSON.stringify(views))
  } catch {
    // Browsers may refuse to store; then it holds until the page is left.
  }
}

/** What is not as expected is passed over. */
export function readViews(): SavedView[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED_AS) ?? '[]')
    return Array.isArray(stored) ? stored.flatMap(readView) : []
  } catch {
    return []
  }
}

function readView(stored: unknown): SavedView[] {
  if (typeof stored !== 'object' || stored === null) return []
  const { name, query }: { name?: unknown; query?: unknown } = stored
  if (typeof name !== 'string' || typeof query !== 'object' || query === null) return []
  const texts = Object.entries(query).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return [{ name: name.slice(0, LONGEST_NAME), query: viewOf(new URLSearchParams(texts)) }]
}
