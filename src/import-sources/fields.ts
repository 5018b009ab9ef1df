/** The values of a record, whatever their names look like: `clientId`, `client_id`, and `clientid` as PostgreSQL folds it. */
import type { SourceRecord } from './source.ts'

export interface Fields {
  /** The first of these names under which there is something; null and empty text are nothing. */
  find(...names: readonly string[]): unknown
  /** The same for text, without blanks around it. Numbers and the like are no text. */
  text(...names: readonly string[]): string | undefined
  has(...names: readonly string[]): boolean
}

export function fieldsOf(record: SourceRecord): Fields {
  const values = new Map<string, unknown>()
  for (const [name, value] of Object.entries(record)) {
    const plain = plainName(name)
    if (isSomething(value) && !values.has(plain)) values.set(plain, value)
  }

  function find(...names: readonly string[]): unknown {
    const name = names.find((each) => values.has(plainName(each)))
    return name === undefined ? undefined : values.get(plainName(name))
  }

  return {
    find,
    text(...names) {
      const value = find(...names)
      return typeof value === 'string' ? value.trim() : undefined
    },
    has: (...names) => find(...names) !== undefined,
  }
}

export function plainName(name: string): string {
  return name.replaceAll(/[_\s-]/g, '').toLowerCase()
}

function isSomething(value: unknown): boolean {
  return value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '')
}
