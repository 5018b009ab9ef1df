import type { ServerResponse } from 'node:http'
import type { Clock } from '../../../clock.ts'
import type { FeedViewer } from './feed.ts'

/** A proxy in front may end what has been silent for longer; and half of how long somebody may watch who may no more. */
const PING_EVERY_MS = 15_000
/** A dozen snapshots of a busy gateway, forty of a calm one. Whoever does not take them is not there any more, or will come again. */
const MOST_WAITING_BYTES = 65_536
/** After which the browser tries again, where nobody else sees to that. */
const RETRY_MS = 2000

interface FeedViewerParts {
  response: ServerResponse
  clock: Pick<Clock, 'after'>
  /** Rejects once whoever watches may no longer do so. */
  checkAccess: () => Promise<unknown>
}

/** Writes to one who watches, as long as that one takes it and may have it. The head of the answer has been written. */
export function openFeedViewer({ response, clock, checkAccess }: FeedViewerParts): FeedViewer {
  let cancelPing = schedulePing()
  response.once('close', () => cancelPing())
  send(`retry: ${RETRY_MS}\n\n`)

  function schedulePing() {
    return clock.after(PING_EVERY_MS, () => void ping())
  }

  async function ping(): Promise<void> {
    try {
      await checkAccess()
    } catch {
      end()
      return
    }
    if (isOver()) return
    send(': ping\n\n')
    cancelPing = schedulePing()
  }

  function isOver(): boolean {
    return response.writableEnded || response.destroyed
  }

  function send(text: string): void {
    if (isOver()) return
    if (response.writableLength > MOST_WAITING_BYTES) response.destroy()
    else response.write(text)
  }

  function end(): void {
    cancelPing()
    if (!isOver()) response.end()
  }

  return { send, end }
}
