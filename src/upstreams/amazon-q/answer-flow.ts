import type { AnswerBody, BodyReader } from '../upstream.ts'

/** Of what has come and nobody takes; more waits in the socket. */
const MOST_WAITING_BYTES = 65_536

/** What brings the bytes. It may be asked to pause more than once, and to resume without a pause. */
interface Source {
  pause(): void
  resume(): void
  abort(reason: Error): void
}

interface AnswerFlow {
  body: AnswerBody
  push(bytes: Uint8Array): void
  end(): void
  /** Counts only where nothing has ended the answer before. */
  fail(error: Error): void
}

/** Between a connection that pushes and the reader of its answer: all that one read of the socket brings is taken at once. */
export function createAnswerFlow(source: Source): AnswerFlow {
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  let reader: BodyReader | undefined
  let ending: { error?: Error } | undefined
  let isPaused = false
  let isScheduled = false
  let isClosed = false

  /** For when the present read of the socket is over. */
  function schedule(): void {
    if (isScheduled || isPaused || reader === undefined) return
    isScheduled = true
    queueMicrotask(deliver)
  }

  function deliver(): void {
    isScheduled = false
    if (isClosed || isPaused) return
    if (waiting.length > 0) reader?.take(takeAll())
    // The reader may have had enough.
    if (isClosed || isPaused) return
    if (ending === undefined) source.resume()
    else close(ending)
  }

  function close({ error }: { error?: Error }): void {
    isClosed = true
    if (error === undefined) reader?.end()
    else reader?.fail(error)
  }

  function takeAll(): Uint8Array[] {
    const pieces = waiting
    waiting = []
    waitingBytes = 0
    return pieces
  }

  function finish(how: { error?: Error }): void {
    ending ??= how
    schedule()
  }

  function goOn(): void {
    isPaused = false
    if (ending === undefined) source.resume()
    schedule()
  }

  return {
    body: {
      read(by) {
        reader = by
        goOn()
      },
      pause() {
        isPaused = true
        source.pause()
      },
      resume: goOn,
      destroy() {
        if (isClosed) return
        isClosed = true
        takeAll()
        if (ending === undefined) source.abort(new Error('Nobody reads the answer any more.'))
      },
    },
    push(bytes) {
      if (isClosed) return
      waiting.push(bytes)
      waitingBytes += bytes.byteLength
      if (waitingBytes > MOST_WAITING_BYTES) source.pause()
      schedule()
    },
    end: () => finish({}),
    fail: (error) => finish({ error }),
  }
}
