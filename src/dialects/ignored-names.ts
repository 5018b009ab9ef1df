/** Names that the client made up; more of them would only swell a header of the answer. */
const MAX_FOREIGN_NAMES = 20
const MAX_NAME_LENGTH = 64

/** The fields of one request that are accepted but not carried, for the header `x-aqueduct-ignored`. */
export interface IgnoredNames {
  /** A name of ours, as in `tools.strict`. */
  add(name: string): void
  /** A name that the client chose, after one of ours: `tools.` and a type. Made safe for a header, and limited in number. */
  addForeign(prefix: string, name: string): void
  list(): string[]
}

export function createIgnoredNames(): IgnoredNames {
  const names = new Set<string>()
  const foreign = new Set<string>()
  return {
    add: (name) => void names.add(name),
    addForeign(prefix, name) {
      const safe = `${prefix}${name.replaceAll(/[^A-Za-z0-9_.-]/g, '').slice(0, MAX_NAME_LENGTH) || 'unknown'}`
      if (foreign.size >= MAX_FOREIGN_NAMES && !foreign.has(safe)) return
      foreign.add(safe)
      names.add(safe)
    },
    list: () => [...names],
  }
}
