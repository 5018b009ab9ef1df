/** What of a text that grows is to be read aloud next. Pure. */

const MOST_AT_ONCE = 300

/** Up to the end of the last sentence that is whole; of much the last of it. `told`: how many characters are done with. */
export function nextWords(text: string, told: number): { words: string; told: number } {
  const fresh = text.slice(told)
  const ends = [...fresh.matchAll(/[.!?。！？\n]/g)]
  const end = ends.at(-1)?.index
  if (end === undefined) return { words: '', told }
  const whole = fresh.slice(0, end + 1).trim()
  return { words: whole.slice(-MOST_AT_ONCE), told: told + end + 1 }
}
