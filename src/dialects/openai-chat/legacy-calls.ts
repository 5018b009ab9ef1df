/** Gives ids to the calls of before there were tools, which had none. */
export interface LegacyCalls {
  /** Id of a call that the assistant makes. */
  call(name: string): string
  /** Id of the call that a result answers. */
  answer(name: string | undefined): string
}

/** Ids follow from the place in the conversation, so that they are the same in each of its requests. */
export function createLegacyCalls(): LegacyCalls {
  let count = 0
  const open: { id: string; name: string }[] = []
  const nextId = () => `call_legacy_${++count}`
  return {
    call(name) {
      const id = nextId()
      open.push({ id, name })
      return id
    },
    answer(name) {
      const index = open.findIndex((call) => call.name === name)
      const [call] = open.splice(Math.max(index, 0), 1)
      // A result without a call has an id that no call has.
      return call?.id ?? nextId()
    },
  }
}
