/** Header names by which clients tell which conversation a request belongs to, the most exact first. */
const AFFINITY_HEADERS = [
  'x-session-affinity',
  'x-claude-code-session-id',
  'x-session-id',
  // Codex has a thread for each of its agents.
  'thread-id',
  'session-id',
  'session_id',
] as const

/** Longer values are no ids, and keys are kept in memory. */
const MAX_KEY_LENGTH = 512

/** Which conversation this is: from the headers, else from the key that the body tells. */
export function affinityKeyOf(
  headers: Readonly<Record<string, string | undefined>>,
  keyInBody: string | undefined,
): { affinityKey?: string } {
  const candidates = [...AFFINITY_HEADERS.map((name) => headers[name]), keyInBody]
  const affinityKey = candidates.find(
    (key) => key !== undefined && key !== '' && key.length <= MAX_KEY_LENGTH,
  )
  return affinityKey === undefined ? {} : { affinityKey }
}
