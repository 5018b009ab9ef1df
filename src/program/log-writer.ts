/** Where log lines go: to standard output, those of a moment in one write, as a write costs more than a line. */
import type { Clock } from '../clock.ts'

interface LineOutput {
  write(text: string): void
  flushSync(): void
}

export interface LogWriter {
  /** Takes one whole line. */
  write(line: string): void
  /** Writes at once what waits. */
  flushSync(): void
}

interface LogWriterParts {
  output: LineOutput
  clock: Pick<Clock, 'after'>
}

/** Nobody who reads along notices. */
const LINGER_MS = 10
const MOST_WAITING_CHARACTERS = 16_384

export function createLogWriter({ output, clock }: LogWriterParts): LogWriter {
  let waiting = ''
  let isScheduled = false

  function pass(): void {
    if (waiting === '') return
    const text = waiting
    waiting = ''
    output.write(text)
  }

  return {
    write(line) {
      waiting += line
      if (waiting.length > MOST_WAITING_CHARACTERS) return pass()
      if (isScheduled) return
      isScheduled = true
      clock.after(LINGER_MS, () => {
        isScheduled = false
        pass()
      })
    },
    flushSync() {
      pass()
      output.flushSync()
    },
  }
}
