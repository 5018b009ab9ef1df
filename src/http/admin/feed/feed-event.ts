/** What the feed sends: each event has the members that its schema names, and no others leave. */
import * as z from 'zod'
import { feedChange, feedSnapshot } from '../console-contract.ts'

export type FeedSnapshot = z.infer<typeof feedSnapshot>

/** One event of the stream: its name, and its data, which the stream holds as JSON. */
export const feedEvent = z
  .discriminatedUnion('event', [
    z.object({ event: z.literal('snapshot'), data: feedSnapshot }),
    z.object({ event: z.literal('change'), data: feedChange }),
  ])
  .describe('A server-sent stream (`text/event-stream`) of such events')

export type FeedEvent = z.infer<typeof feedEvent>

/** As the stream has it, with the blank line that ends it. */
export function writeFeedEvent(given: FeedEvent): string {
  const { event, data } = feedEvent.parse(given)
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
