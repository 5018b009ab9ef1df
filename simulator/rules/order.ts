/** S1–S3 and S13: who speaks when, and that everybody says something. */
import { toolResultsOf, type Turn } from './turns.ts'
import { refused, type Violation } from './violation.ts'

/** S1: the current message is the user's. */
export function checkCurrentMessage(turns: Turn[]): Violation[] {
  const current = turns.at(-1)
  if (current === undefined || current.role === 'user') return []
  return [refused({ rule: 'S1', path: current.path, message: 'the current message must be a user message' })]
}

/** S2 and S3: the history begins with the user, ends with the assistant, and alternates. */
export function checkAlternation(turns: Turn[]): Violation[] {
  const violations: Violation[] = []
  const [first] = turns
  if (first !== undefined && first.role !== 'user') {
    violations.push(
      refused({ rule: 'S2', path: first.path, message: 'the history must begin with a user message' }),
    )
  }
  for (const [index, turn] of turns.entries()) {
    const before = turns[index - 1]
    if (before?.role !== turn.role) continue
    const rule = turn.current ? 'S2' : 'S3'
    const message = turn.current
      ? 'the history must end with an assistant message'
      : `two ${turn.role} messages follow each other`
    violations.push(refused({ rule, path: turn.path, message }))
  }
  return violations
}

/** S13: content may be empty only beside tool results or tool uses. */
export function checkContents(turns: Turn[]): Violation[] {
  return turns
    .filter((turn) => turn.message.content === '' && !hasToolTraffic(turn))
    .map(({ path }) =>
      refused({ rule: 'S13', path: `${path}.content`, message: 'content must not be empty' }),
    )
}

function hasToolTraffic(turn: Turn): boolean {
  const traffic = turn.role === 'user' ? toolResultsOf(turn.message) : (turn.message.toolUses ?? [])
  return traffic.length > 0
}
