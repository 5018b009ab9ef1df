const MAX_ID_LENGTH = 64

/**
 * Gives every tool use of a conversation an id that the service accepts: its characters, its length, and no id twice
 * (protocol 8.1, S21). An id that is fine stays; the same conversation always gets the same ids.
 */
export function createToolUseIds(): (clientId: string) => string {
  const taken = new Set<string>()
  return (clientId) => {
    const base = clientId.replaceAll(/[^a-zA-Z0-9_.:-]/g, '_').slice(0, MAX_ID_LENGTH) || 'tooluse'
    let id = base
    for (let number = 2; taken.has(id); number += 1) {
      const suffix = `_${number}`
      id = base.slice(0, MAX_ID_LENGTH - suffix.length) + suffix
    }
    taken.add(id)
    return id
  }
}
