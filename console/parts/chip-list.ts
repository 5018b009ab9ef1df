/** A list that is edited as chips. Pure. */

/** With what was typed or pasted: names apart by commas or lines; none twice. */
export function withChips(list: readonly string[], typed: string): string[] {
  const names = typed
    .split(/[,，\n\r\t]+/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return [...new Set([...list, ...names])]
}
