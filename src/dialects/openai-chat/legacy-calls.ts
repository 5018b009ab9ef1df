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
  const all = createQueue()
  const byName = new Map<string, Queue>()
  const nextId = () => `call_legacy_${++count}`
  return {
    call(name) {
      const call = { id: nextId(), isAnswered: false }
      const named = byName.get(name) ?? createQueue()
      byName.set(name, named)
      all.add(call)
      named.add(call)
      return call.id
    },
    answer(name) {
      const call = byName.get(name ?? '')?.take() ?? all.take()
      // A result without a call has an id that no call has.
      return call?.id ?? nextId()
    },
  }
}

interface Call {
  id: string
  isAnswered: boolean
}

interface Queue {
  add(call: Call): void
  /** The first one that is not answered, which it is then. */
  take(): Call | undefined
}

/** A call is in two queues; the one that it is not taken from passes over it later, once. */
function createQueue(): Queue {
  const calls: Call[] = []
  let next = 0
  return {
    add: (call) => void calls.push(call),
    take() {
      while (calls[next]?.isAnswered === true) next += 1
      const call = calls[next]
      if (call !== undefined) call.isAnswered = true
      return call
    },
  }
}
