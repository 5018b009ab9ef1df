/** What line splitters in the field take for ends of lines beside CR and LF, which JSON escapes anyway. */
const OTHER_LINE_ENDS = /[\u0085\u2028\u2029]/g

/** JSON on one line, also for clients that split lines as Unicode does: several Python ones cut an event there. */
export function writeJsonLine(value: unknown): string {
  const json = JSON.stringify(value)
  return json.replace(OTHER_LINE_ENDS, escapeCharacter)
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
