import type { CacheMark } from '../../conversation/conversation.ts'
import type { Marked } from './schema.ts'

/** `cache_control` of a block, a tool or the whole request. */
export function readCacheMark({ cache_control: mark }: Marked): { cacheMark?: CacheMark } {
  if (mark === undefined || mark === null) return {}
  const ttl = mark.ttl ?? undefined
  return { cacheMark: ttl === undefined ? {} : { ttl } }
}
