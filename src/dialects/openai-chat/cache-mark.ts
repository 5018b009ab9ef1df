import { z } from 'zod'
import type { CacheMark } from '../../conversation/conversation.ts'
import type { FieldNotes } from './field-notes.ts'

/** A mark that is not understood is still one; how long the cache should last is only a wish. */
const cacheControl = z
  .looseObject({ ttl: z.enum(['5m', '1h']).nullish().catch(null) })
  .nullish()
  .catch({})

/** Anthropic's `cache_control`, which some clients put on the messages, parts, calls and tools of this API too. */
export function readCacheMark(
  element: Readonly<Record<string, unknown>>,
  notes: FieldNotes,
): { cacheMark?: CacheMark } {
  const { cache_control: unread } = element
  // It runs for every part of a request, and few carry one.
  if (unread === undefined || unread === null) return {}
  const mark = cacheControl.parse(unread)
  notes.mayLose('cache-marks', 'cache_control')
  const ttl = mark?.ttl ?? undefined
  return { cacheMark: ttl === undefined ? {} : { ttl } }
}
