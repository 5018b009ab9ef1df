/** Counts what is under way for each id against a limit: requests of an account, or of an API key. */
export interface InFlight {
  count(id: string): number
  hasRoom(id: string): boolean
  /** False: there is no room, and nothing was taken. */
  take(id: string): boolean
  /** Takes whether there is room or not: what has begun goes on. */
  add(id: string): void
  /** Of one that was taken. Harmless when there is none. */
  giveBack(id: string): void
}

/** `limitOf` is asked each time: a limit that was lowered ends nothing that is under way. */
export function createInFlight(limitOf: (id: string) => number): InFlight {
  const taken = new Map<string, number>()
  const count = (id: string) => taken.get(id) ?? 0
  const hasRoom = (id: string) => count(id) < limitOf(id)
  const add = (id: string) => void taken.set(id, count(id) + 1)

  return {
    count,
    hasRoom,
    take(id) {
      if (!hasRoom(id)) return false
      add(id)
      return true
    },
    add,
    giveBack(id) {
      const left = count(id) - 1
      if (left > 0) taken.set(id, left)
      else taken.delete(id)
    },
  }
}
