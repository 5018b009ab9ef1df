import type { Config } from '../../config.ts'
import { statusOf, type ClientKey } from '../../keys/client-key.ts'
import { bad, doubtful, good, type Finding } from './finding.ts'

const SUBJECT = 'Client keys'
const MAKE_ONE = 'Make one: aqueduct keys create NAME'

export function checkKeys(
  keys: readonly ClientKey[],
  {
    openaiKeys,
    boundToLoopback,
    openApiAllowed,
  }: Pick<Config, 'openaiKeys' | 'boundToLoopback' | 'openApiAllowed'>,
  now: number,
): Finding {
  const living = keys.filter((key) => ['active', 'rotating'].includes(statusOf(key, now))).length
  const listed = openaiKeys.length
  if (living + listed > 0)
    return good(SUBJECT, `${living} made here and ${listed} of OPENAI_KEYS let clients in.`)
  if (keys.length > 0) return bad(SUBJECT, 'All have ended, so every client is refused.', MAKE_ONE)
  if (boundToLoopback) return doubtful(SUBJECT, 'There is none: whoever uses this machine may ask.', MAKE_ONE)
  return openApiAllowed
    ? bad(SUBJECT, 'There is none, and ALLOW_OPEN_API lets everybody in who reaches HOST.', MAKE_ONE)
    : bad(SUBJECT, 'There is none, so nobody is let in from outside.', MAKE_ONE)
}
