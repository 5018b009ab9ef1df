/** Undefined: nothing was typed. Pure. */
export function readNumber(
  typed: string,
  { least, most, isWhole }: { least: number; most: number; isWhole: boolean },
): number | undefined | 'wrong' {
  const text = typed.trim()
  if (text === '') return undefined
  const value = Number(text)
  if (!Number.isFinite(value) || value < least || value > most) return 'wrong'
  return isWhole && !Number.isInteger(value) ? 'wrong' : value
}
