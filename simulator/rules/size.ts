/** Lengths of messages, results, history and the whole body. */
import type { Model } from '../models.ts'
import type { Limits } from '../switches.ts'
import { toolResultsOf, userTurnsOf, type Turn } from './turns.ts'
import { refused, type Violation } from './violation.ts'

const REFERENCE_WINDOW_TOKENS = 200_000

export function checkLengths(turns: Turn[], limits: Limits): Violation[] {
  const history = turns.length - 1
  const tooLongHistory =
    history > limits.historyEntries
      ? [
          refused({
            rule: 'history-length',
            path: 'conversationState.history',
            message: `${history} entries are more than ${limits.historyEntries}`,
          }),
        ]
      : []
  return [...tooLongHistory, ...userTurnsOf(turns).flatMap((turn) => checkUserTurn(turn, limits))]
}

function checkUserTurn({ path, message }: Turn & { role: 'user' }, limits: Limits): Violation[] {
  const violations: Violation[] = []
  if (message.content.length > limits.userMessageCharacters) {
    violations.push(tooLong('user-message-length', `${path}.content`, limits.userMessageCharacters))
  }
  for (const [index, { content }] of toolResultsOf(message).entries()) {
    const length = content.reduce((sum, block) => sum + blockLength(block), 0)
    if (length <= limits.toolResultCharacters) continue
    const resultPath = `${path}.userInputMessageContext.toolResults.${index}`
    violations.push(tooLong('tool-result-length', resultPath, limits.toolResultCharacters))
  }
  return violations
}

function blockLength({ text, json }: { text?: string | undefined; json?: unknown }): number {
  return text?.length ?? JSON.stringify(json)?.length ?? 0
}

function tooLong(rule: string, path: string, limit: number): Violation {
  return refused({
    rule,
    path,
    message: `longer than ${limit} characters`,
    reason: 'CONTENT_LENGTH_EXCEEDS_THRESHOLD',
    says: 'Input is too long.',
  })
}

interface BodySize {
  bodyBytes: number
  limits: Limits
  model: Model | undefined
}

/** The body without images and documents, which have limits of their own, against the window of the model. */
export function checkBodySize(turns: Turn[], { bodyBytes, limits, model }: BodySize): Violation[] {
  const media = userTurnsOf(turns).flatMap(({ message }) => [
    ...(message.images ?? []),
    ...(message.documents ?? []),
  ])
  const bytes = bodyBytes - media.reduce((sum, { source }) => sum + source.bytes.length, 0)
  const window = Math.max(model?.windowTokens ?? REFERENCE_WINDOW_TOKENS, REFERENCE_WINDOW_TOKENS)
  const limit = (limits.bodyBytes * window) / REFERENCE_WINDOW_TOKENS
  if (bytes <= limit) return []
  const message = `${bytes} bytes are more than ${limit}`
  return [refused({ rule: 'body-size', path: '', message, reason: null, says: 'Improperly formed request.' })]
}
