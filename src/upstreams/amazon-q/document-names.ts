const MAX_NAME_LENGTH = 200
/** Room for the number behind a name. */
const SUFFIX_ROOM = 8

/**
 * Gives every document of a request a name that the service accepts: letters and digits of ASCII, single blanks, hyphens
 * and brackets, no name twice (protocol S27). A name must not tell the model to do something, so nothing else is in it.
 */
export function createDocumentNames(): (name: string) => string {
  const taken = new Set<string>()
  return (name) => {
    const base = makeValid(name)
    let unique = base
    // A request has a handful of documents, so there is never much to try.
    for (let number = 2; taken.has(unique.toLowerCase()); number += 1) unique = `${base} (${number})`
    taken.add(unique.toLowerCase())
    return unique
  }
}

/** Accents are taken off their letters; whatever else is not allowed becomes a hyphen. */
function makeValid(name: string): string {
  const valid = name
    .slice(0, MAX_NAME_LENGTH)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[^A-Za-z0-9 ()[\]-]+/g, '-')
    .slice(0, MAX_NAME_LENGTH - SUFFIX_ROOM)
    .trim()
  return /[A-Za-z0-9]/.test(valid) ? valid : 'Document'
}
