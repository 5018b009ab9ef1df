/** How the names that clients use lead to models (protocol 7.3). */

/** Models that are gone from many lists, with the nearest one that took their place. */
const successors: ReadonlyMap<string, string> = new Map([
  ['claude-3.5-sonnet', 'claude-sonnet-4.5'],
  ['claude-3.7-sonnet', 'claude-sonnet-4.5'],
  ['claude-3.5-haiku', 'claude-haiku-4.5'],
  // Still there for most; the examples of q2api name it.
  ['claude-sonnet-4', 'claude-sonnet-4.5'],
])

const THINKING = /-thinking$/

/** What clients and vendors put around a name: who sells it, from where, its date, its revision. */
const wrappings: readonly RegExp[] = [
  /^(bedrock|anthropic|openai)\//,
  /^(us|eu|apac|global)\.(?=anthropic\.)/,
  /^anthropic\./,
  /-v\d+([:-]\d+)?$/,
  /[-@]\d{8}$/,
  /-latest$/,
  /\[1m\]$/,
]

/** The service writes `claude-sonnet-4.5`; clients write the version with a hyphen, and some put it first. */
const spellings: readonly [pattern: RegExp, replacement: string][] = [
  [/^claude-([a-z]+)-(\d+)-(\d{1,2})$/, 'claude-$1-$2.$3'],
  [/^claude-(\d+)-(\d{1,2})-([a-z]+)$/, 'claude-$1.$2-$3'],
  [/^claude-([4-9](?:\.\d+)?)-([a-z]+)$/, 'claude-$2-$1'],
  [/\.0$/, ''],
]

/** By which models and aliases are looked up. */
export function keyOf(name: string): string {
  return name.trim().toLowerCase()
}

/** The key that a name comes to when all that is put around it is taken off. */
export function normaliseName(name: string): string {
  const bare = unwrap(keyOf(name).replaceAll('_', '-'), [...wrappings, THINKING])
  return spellings.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), bare)
}

/** Of a normalised name: the model that took its place, or undefined when it is not known as retired. */
export function successorOf(name: string): string | undefined {
  return successors.get(name)
}

/** Whether the name ends in `-thinking`, by which clients without a field for it ask a model to think. */
export function asksToThink(name: string): boolean {
  // Nearly none does, and it is asked of every request.
  if (!/thinking/i.test(name)) return false
  return THINKING.test(unwrap(keyOf(name).replaceAll('_', '-'), wrappings))
}

/** They nest in any order, so they come off until none is left; each takes something away, so this ends. */
function unwrap(name: string, around: readonly RegExp[]): string {
  let bare = name
  for (let before = ''; before !== bare;) {
    before = bare
    bare = around.reduce((text, pattern) => text.replace(pattern, ''), bare)
  }
  return bare
}
