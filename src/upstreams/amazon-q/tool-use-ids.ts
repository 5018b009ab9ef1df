import { createUniqueNames } from './unique-names.ts'

const MAX_ID_LENGTH = 64

/**
 * Gives every tool use of a conversation an id that the service accepts: its characters, its length, and no id twice
 * (protocol 8.1, S21). An id that is fine stays; the same conversation always gets the same ids.
 */
export function createToolUseIds(): (clientId: string) => string {
  const makeUnique = createUniqueNames(MAX_ID_LENGTH)
  return (clientId) => {
    const id = clientId.slice(0, MAX_ID_LENGTH).replaceAll(/[^a-zA-Z0-9_.:-]/g, '_')
    return makeUnique(id === '' ? 'tooluse' : id)
  }
}
