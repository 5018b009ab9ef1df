/** What line splitters in the field take for ends of lines beside CR and LF, which JSON escapes anyway. */
const OTHER_LINE_END = /[\u0085\u2028\u2029]/

/** JSON on one line, also for clients that split lines as Unicode does: several Python ones cut an event there. */
export function writeJsonLine(value: unknown): string {
  const json = JSON.stringify(value)
  // It runs for every delta, and to look costs less than to replace nothing.
  return OTHER_LINE_END.test(json) ? json.replace(/[\u0085\u2028\u2029]/g, escapeCharacter) : json
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
