/** Where the page is: all of it is in the address, so that links, reload and the back button work. */
import { signal } from '@preact/signals'

export interface Route {
  /** Below the console's root: '' for the overview, else like `accounts`. */
  page: string
  query: URLSearchParams
}

const ROOT = '/console/'

export const route = signal<Route>({ page: '', query: new URLSearchParams() })

/** Follows the browser's own buttons. Called once. */
export function followAddress(): void {
  route.value = readAddress()
  window.addEventListener('popstate', () => (route.value = readAddress()))
}

export function addressOf(page: string, query?: Readonly<Record<string, string | undefined>>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') search.set(name, value)
  }
  const path = page === '' ? '/' : ROOT + page
  return search.size === 0 ? path : `${path}?${search.toString()}`
}

/** `replaces`: the back button shall not lead to the address so far. */
export function goTo(address: string, { replaces = false } = {}): void {
  if (replaces) history.replaceState(null, '', address)
  else history.pushState(null, '', address)
  route.value = readAddress()
  if (!replaces) window.scrollTo(0, 0)
}

/** Sets some parameters of the present address; undefined or empty takes one away. */
export function changeQuery(
  changes: Readonly<Record<string, string | undefined>>,
  { replaces = true } = {},
): void {
  const query = { ...Object.fromEntries(route.value.query), ...changes }
  goTo(addressOf(route.value.page, query), { replaces })
}

function readAddress(): Route {
  const { pathname, search } = window.location
  const page = pathname.startsWith(ROOT) ? pathname.slice(ROOT.length).replace(/\/+$/, '') : ''
  return { page, query: new URLSearchParams(search) }
}
