/** How the names that clients use lead to models (protocol 7.3). */

/** Models that are gone, with the nearest one that is there. All other unknown names are refused, never replaced. */
const successors: ReadonlyMap<string, string> = new Map([
  ['claude-3.5-sonnet', 'claude-sonnet-4.5'],
  ['claude-3.7-sonnet', 'claude-sonnet-4.5'],
  ['claude-3.5-haiku', 'claude-haiku-4.5'],
])

/** What clients and vendors put around a name: who sells it, from where, its date, its revision, its mode. */
const wrappings: readonly RegExp[] = [
  /^(bedrock|anthropic|openai)\//,
  /^(us|eu|apac|global)\.(?=anthropic\.)/,
  /^anthropic\./,
  /-v\d+([:-]\d+)?$/,
  /[-@]\d{8}$/,
  /-latest$/,
  /-thinking$/,
  /\[1m\]$/,
]

/** The service writes `claude-sonnet-4.5`; clients write the version with a hyphen, and some put it first. */
const spellings: readonly [pattern: RegExp, replacement: string][] = [
  [/^claude-([a-z]+)-(\d+)-(\d{1,2})$/, 'claude-$1-$2.$3'],
  [/^claude-(\d+)-(\d{1,2})-([a-z]+)$/, 'claude-$1.$2-$3'],
  [/^claude-([4-9](?:\.\d+)?)-([a-z]+)$/, 'claude-$2-$1'],
  [/\.0$/, ''],
]

/** The ids that a name may mean, the most likely first. */
export function idsOf(name: string): string[] {
  const id = normalise(name)
  return [id, successors.get(id) ?? id]
}

function normalise(name: string): string {
  let bare = name.trim().toLowerCase().replaceAll('_', '-')
  // Wrappings nest in any order, so they come off until none is left; each takes something away, so this ends.
  for (let before = ''; before !== bare;) {
    before = bare
    bare = wrappings.reduce((text, pattern) => text.replace(pattern, ''), bare)
  }
  return spellings.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), bare)
}
