/** S4–S8, S16 and S21: tool uses and their results. */
import { toolResultsOf, type Turn } from './turns.ts'
import { refused, type Violation, warning } from './violation.ts'

const TOOL_USE_ID = /^[a-zA-Z0-9_.:-]{1,64}$/

/** S4–S8: each turn's results answer exactly the uses of the assistant turn before it. */
export function checkPairing(turns: Turn[]): Violation[] {
  const pairs = turns.map((turn, index) => ({ turn, before: turns[index - 1], after: turns[index + 1] }))
  return pairs.flatMap(({ turn, before, after }) => {
    if (turn.role === 'assistant') return checkAnswered(turn, after)
    const uses = before?.role === 'assistant' ? (before.message.toolUses ?? []) : []
    return checkResults(
      turn,
      uses.map(({ toolUseId }) => toolUseId),
      before === undefined,
    )
  })
}

/** S5 and S8: the next user message has a result for each use. */
function checkAnswered(turn: Extract<Turn, { role: 'assistant' }>, after: Turn | undefined): Violation[] {
  const answered = after?.role === 'user' ? toolResultsOf(after.message) : []
  const ids = new Set(answered.map(({ toolUseId }) => toolUseId))
  return (turn.message.toolUses ?? [])
    .filter(({ toolUseId }) => !ids.has(toolUseId))
    .map(({ toolUseId }) => {
      const rule = ids.size > 0 ? 'S8' : 'S5'
      return mismatch(rule, turn.path, `the next user message has no result for ${toolUseId}`)
    })
}

/** S4, S6 and S7: no result without its use, none twice, and in the order of the uses. */
function checkResults(turn: Turn & { role: 'user' }, useIds: string[], first: boolean): Violation[] {
  const resultIds = toolResultsOf(turn.message).map(({ toolUseId }) => toolUseId)
  const path = `${turn.path}.userInputMessageContext.toolResults`
  const orphans = resultIds.filter((id) => !useIds.includes(id))
  if (orphans.length > 0) {
    const rule = first ? 'S4' : 'S6'
    return [mismatch(rule, path, `no tool use just before these results: ${orphans.join(', ')}`)]
  }
  if (new Set(resultIds).size < resultIds.length) {
    return [mismatch('S6', path, 'two results for one tool use')]
  }
  const inOrder = useIds.filter((id) => resultIds.includes(id))
  if (inOrder.join() === resultIds.join()) return []
  return [warning({ rule: 'S7', path, message: 'results stand in another order than their tool uses' })]
}

function mismatch(rule: string, path: string, message: string): Violation {
  return refused({ rule, path, message, reason: 'TOOL_USE_RESULT_MISMATCH' })
}

/** S16: a result has at least one block, and text that is not empty. */
export function checkResultContents(turns: Turn[]): Violation[] {
  return turns.flatMap((turn) => {
    if (turn.role !== 'user') return []
    return toolResultsOf(turn.message).flatMap(({ content }, index) => {
      const path = `${turn.path}.userInputMessageContext.toolResults.${index}.content`
      if (content.length === 0) {
        return [refused({ rule: 'S16', path, message: 'a tool result needs at least one content block' })]
      }
      if (content.some(({ text }) => text === '')) {
        return [refused({ rule: 'S16', path, message: 'the text of a tool result must not be empty' })]
      }
      return []
    })
  })
}

/** S21 and the form of ids. */
export function checkToolUseIds(turns: Turn[]): Violation[] {
  const seen = new Set<string>()
  const violations: Violation[] = []
  for (const turn of turns) {
    if (turn.role !== 'assistant') continue
    for (const [index, { toolUseId }] of (turn.message.toolUses ?? []).entries()) {
      const path = `${turn.path}.toolUses.${index}.toolUseId`
      if (seen.has(toolUseId)) {
        violations.push(refused({ rule: 'S21', path, message: `${toolUseId} was used before` }))
      }
      if (!TOOL_USE_ID.test(toolUseId)) {
        violations.push(refused({ rule: 'tool-use-id', path, message: `must match ${String(TOOL_USE_ID)}` }))
      }
      seen.add(toolUseId)
    }
  }
  return violations
}
