/** What the page's address says of the list, so that every view of it can be shared. */
import { stateFilters, type ListWishes } from './list-accounts.ts'
import { sortNames } from './sort-accounts.ts'

const names = ['q', 'state', 'tag', 'plan', 'region', 'sort']

/** The part of an address that is about the list: what is open beside it is no reason to make the list anew. */
export function listPartOf(query: URLSearchParams): string {
  const part = new URLSearchParams()
  for (const name of names) part.set(name, query.get(name) ?? '')
  return part.toString()
}

/** What is not known is passed over. */
export function readWishes(query: URLSearchParams): ListWishes {
  const states = (query.get('state') ?? '').split(',')
  const sort = query.get('sort') ?? ''
  const name = sort.replace(/^-/, '')
  const by = sortNames.find((each) => each === name)
  return {
    text: query.get('q') ?? '',
    states: stateFilters.filter((state) => states.includes(state)),
    tag: query.get('tag') ?? '',
    plan: query.get('plan') ?? '',
    region: query.get('region') ?? '',
    sort: by === undefined ? undefined : { by, descends: sort.startsWith('-') },
  }
}

/** For changeQuery: undefined takes a parameter away. */
export function writeWishes(wishes: Partial<ListWishes>): Record<string, string | undefined> {
  const { text, states, sort, ...same } = wishes
  return {
    ...same,
    ...(text !== undefined && { q: text }),
    ...(states !== undefined && { state: states.join(',') }),
    ...('sort' in wishes && { sort: sort && `${sort.descends ? '-' : ''}${sort.by}` }),
  }
}

export const noWishes = { text: '', states: [], tag: '', plan: '', region: '' } satisfies Partial<ListWishes>

export function isNarrowed({ text, states, tag, plan, region }: ListWishes): boolean {
  return text !== '' || states.length > 0 || tag !== '' || plan !== '' || region !== ''
}
