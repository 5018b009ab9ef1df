/** Control characters, and those that hide text or turn its direction. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]+/gu

/** One line of visible text, cut to so many characters. */
export function tidyText(text: string, maxCharacters: number): string {
  return (
    text
      // Beyond that nothing is read: spaces alone cannot make so much of it.
      .slice(0, maxCharacters * 4)
      .toWellFormed()
      .replaceAll(UNSEEN, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim()
      .slice(0, maxCharacters)
      .toWellFormed()
  )
}
