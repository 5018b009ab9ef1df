/** Headers that came, or are set, once; the others have no one value to go by. */
export function singleValues(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const single: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') single[name] = value
  }
  return single
}
