import type { RequestHeaders } from '../dialect.ts'

/** Codex says who it is in a header of its own, which its embedders may change, and in the usual one. */
export function isCodex(headers: RequestHeaders): boolean {
  return [headers['originator'], headers['user-agent']].some((name) => /^codex/i.test(name ?? ''))
}
