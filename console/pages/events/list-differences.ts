/** What has changed, one line for each member. Pure. */

export interface Difference {
  name: string
  /** Undefined: there is nothing to say of it, for the whole thing was made or removed. */
  before: string | undefined
  after: string | undefined
}

type Members = Readonly<Record<string, unknown>> | null

/** Members by which somebody could be known. */
const PERSONAL = new Set([
  'label',
  'name',
  'email',
  'identity',
  'clientId',
  'profileArn',
  'startUrl',
  'accounts',
])

export function isPersonal(name: string): boolean {
  return PERSONAL.has(name)
}

export function listDifferences(before: Members, after: Members): Difference[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return [...names].map((name) => ({
    name,
    before: before === null ? undefined : writeValue(before[name]),
    after: after === null ? undefined : writeValue(after[name]),
  }))
}

/** As short as it can be read; empty for what is not there. */
function writeValue(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(', ')
  return JSON.stringify(value)
}
