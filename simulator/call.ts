/** One request to the simulated services, from its reading to its end in the journal. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Route } from './bindings.ts'
import type { SimulatorClock } from './clock.ts'
import type { Account } from './identity.ts'
import type { JournalEntry, JournalWriter } from './journal.ts'
import type { Switches } from './switches.ts'

export interface Call {
  request: IncomingMessage
  response: ServerResponse
  route: Route
  url: URL
  /** That the host's name tells; undefined when it tells none. */
  region: string | undefined
  body: Buffer
  /** Parsed body; undefined when it is empty or not JSON. */
  json: unknown
  account: Account | undefined
  requestId: string
  /** As they stood when the request arrived. */
  switches: Switches
  entry: JournalEntry
  /** Aborted when the connection has closed. */
  signal: AbortSignal
  note: CallNote
}

/** Tells the journal how the call goes. */
interface CallNote {
  written: (bytes: number) => void
  cut: () => void
  crashed: (message: string) => void
  refused: (refusal: { status: number; name: string; reason: string | null }) => void
}

interface Watched {
  entry: JournalEntry
  response: ServerResponse
  journal: JournalWriter
  clock: SimulatorClock
}

/** Follows a response to its end. `onEnd` runs once, however it ends. */
export function watchCall({ entry, response, journal, clock }: Watched, onEnd: () => void) {
  const abort = new AbortController()
  let bytesWritten = 0

  function settle(outcome: JournalEntry['outcome']): void {
    if (entry.outcome.kind !== 'pending') return
    entry.outcome = outcome
    journal.changed(entry)
  }

  response.on('finish', () => settle({ kind: 'answered', status: response.statusCode, at: clock.now() }))
  response.on('close', () => {
    settle({ kind: 'aborted-by-client', at: clock.now(), bytesWritten })
    abort.abort()
    onEnd()
  })
  const note: CallNote = {
    written(bytes) {
      bytesWritten += bytes
    },
    cut: () => settle({ kind: 'cut', at: clock.now(), bytesWritten }),
    crashed: (message) => settle({ kind: 'crashed', message, at: clock.now() }),
    refused: (refusal) => settle({ kind: 'refused', ...refusal, at: clock.now() }),
  }
  return { signal: abort.signal, note }
}
