/** What those who watch the gateway are sent: once a second how it stands, made once for all of them, and what has changed. */
import { setImmediate } from 'node:timers/promises'
import type { Cancel, Clock } from '../../../clock.ts'
import { feedTopics } from '../console-contract.ts'
import { writeFeedEvent, type FeedSnapshot } from './feed-event.ts'

const EVERY_MS = 1000
const MOST_VIEWERS = 50
/** Each is a write to a socket; answers of models that are just arriving do not wait for all of them. */
const WRITES_AT_ONCE = 4

export type FeedTopic = (typeof feedTopics)[number]

export interface FeedViewer {
  send(text: string): void
  end(): void
}

export interface Feed {
  hasRoom(): boolean
  /** Answers how to stop watching. */
  watch(viewer: FeedViewer): () => void
  /** Ends what all viewers are sent, at once. Resolves when nothing is being read any more. */
  close(): Promise<void>
}

export interface FeedParts {
  readSnapshot: () => Promise<FeedSnapshot>
  /** For each topic a number that is another one once something has changed, by whichever process. */
  readMarks: () => Promise<Record<FeedTopic, number>>
  clock: Pick<Clock, 'after'>
  /** Told when something cannot be read, once until it can be again. */
  report: (error: unknown) => void
}

export function createFeed({ readSnapshot, readMarks, clock, report }: FeedParts): Feed {
  const viewers = new Set<FeedViewer>()
  /** Kept while nobody watches: whoever comes next is told of what has changed since. */
  let seen: Record<FeedTopic, number> | undefined
  let latest: string | undefined
  let isResting = true
  let running = Promise.resolve()
  let isFailing = false
  let isClosed = false
  let cancelNext: Cancel | undefined

  async function readSnapshotText(): Promise<string> {
    return writeFeedEvent({ event: 'snapshot', data: await readSnapshot() })
  }

  async function readChangeText(): Promise<string> {
    const marks = await readMarks()
    const before = seen ?? marks
    seen = marks
    const topics = feedTopics.filter((topic) => marks[topic] !== before[topic])
    return topics.length === 0 ? '' : writeFeedEvent({ event: 'change', data: { topics } })
  }

  /** Where one of them fails, the other is told nonetheless. */
  async function look(): Promise<void> {
    const [snapshot, change] = await Promise.allSettled([readSnapshotText(), readChangeText()])
    latest = snapshot.status === 'fulfilled' ? snapshot.value : undefined
    const failed = [snapshot, change].find((each) => each.status === 'rejected')
    if (failed !== undefined && !isFailing) report(failed.reason)
    isFailing = failed !== undefined
    const text = `${latest ?? ''}${change.status === 'fulfilled' ? change.value : ''}`
    if (text !== '') await sendToAll(text)
  }

  async function sendToAll(text: string): Promise<void> {
    const present = [...viewers]
    for (const [index, viewer] of present.entries()) {
      if (index > 0 && index % WRITES_AT_ONCE === 0) await setImmediate()
      // Who has left meanwhile is sent nothing; who has come has been sent the latest.
      if (viewers.has(viewer)) viewer.send(text)
    }
  }

  async function lookAndGoOn(): Promise<void> {
    await look()
    if (!isClosed) cancelNext = clock.after(EVERY_MS, next)
  }

  function next(): void {
    isResting = viewers.size === 0
    if (isResting) latest = undefined
    else running = lookAndGoOn()
  }

  return {
    hasRoom: () => viewers.size < MOST_VIEWERS,
    watch(viewer) {
      if (isClosed) {
        viewer.end()
        return () => {}
      }
      viewers.add(viewer)
      // A second is long for somebody who looks at an empty page.
      if (latest !== undefined) viewer.send(latest)
      if (isResting) next()
      return () => void viewers.delete(viewer)
    },
    async close() {
      isClosed = true
      cancelNext?.()
      for (const viewer of viewers) viewer.end()
      viewers.clear()
      await running
    },
  }
}
