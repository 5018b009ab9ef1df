import * as z from 'zod'
import type { CacheMark } from '../conversation/conversation.ts'
import type { FieldNotes } from './field-notes.ts'

/** A mark that is not understood is still one; how long the cache should last is only a wish. */
const cacheControl = z
  .looseObject({ ttl: z.enum(['5m', '1h']).nullish().catch(null) })
  .nullish()
  .catch({})

const FIELDS = ['cache_control', 'prompt_cache_breakpoint'] as const

/**
 * OpenAI's own mark, and Anthropic's `cache_control`, which some clients put on the messages, parts, calls and tools of
 * this API too.
 */
export function readCacheMark(
  element: Readonly<Record<string, unknown>>,
  notes: FieldNotes,
): { cacheMark?: CacheMark } {
  const field = cacheFieldOf(element)
  // It runs for every part of a request, and few carry one.
  if (field === undefined) return {}
  const mark = cacheControl.parse(element[field])
  notes.mayLose('cache-marks', field)
  const ttl = mark?.ttl ?? undefined
  return { cacheMark: ttl === undefined ? {} : { ttl } }
}

/** The field that marks an element, if one does. */
export function cacheFieldOf(element: Readonly<Record<string, unknown>>): string | undefined {
  return FIELDS.find((field) => element[field] !== undefined && element[field] !== null)
}
