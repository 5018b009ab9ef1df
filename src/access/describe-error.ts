/** What the log may hold of an error: named fields alone, and nothing that looks like a token. */
import { GatewayError } from '../conversation/failures.ts'
import { redactSecrets } from './redact-secrets.ts'

export interface ErrorDescription {
  type: string
  message: string
  code?: string
  forOperator?: string
  stack?: string
  cause?: ErrorDescription
}

const DEEPEST = 5
/** Some messages quote what was sent or answered, which may be long. */
const MOST_OF_MESSAGE = 2000
const MOST_OF_STACK = 4000
const MOST_OF_WORD = 200

/** Driver and client errors carry requests, answers and sockets as further fields; none of those is taken over. Never throws. */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: describeText(error, MOST_OF_MESSAGE) }
  // The message of a JSON syntax error quotes the text, which may be an answer full of tokens.
  const quotes = error instanceof SyntaxError
  const message = quotes ? 'The text is not valid JSON.' : describeText(error.message, MOST_OF_MESSAGE)
  const { cause } = error
  const stack = typeof error.stack === 'string' ? error.stack : undefined
  const forOperator = error instanceof GatewayError ? error.failure.forOperator : undefined
  return {
    type: describeText(error.name, MOST_OF_WORD),
    message,
    ...('code' in error && { code: describeText(error.code, MOST_OF_WORD) }),
    ...(forOperator !== undefined && { forOperator: describeText(forOperator, MOST_OF_MESSAGE) }),
    ...(stack !== undefined && { stack: describeText(quotes ? framesOf(stack) : stack, MOST_OF_STACK) }),
    ...(cause !== undefined && depth < DEEPEST && { cause: describeError(cause, depth + 1) }),
  }
}

/** The stack without the message at its top. */
function framesOf(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')
}

/** Redacted before it is cut: half a token might no longer look like one. */
function describeText(value: unknown, most: number): string {
  const text = redactSecrets(textOf(value))
  return text.length > most ? `${text.slice(0, most)}…` : text
}

/** Objects may have any `toString`, and hold anything. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value)
  return value === null ? 'null' : `(${typeof value})`
}
