/** What the log may hold of an error: named fields alone, and nothing that looks like a token. */
import { GatewayError } from '../conversation/failures.ts'

export interface ErrorDescription {
  type: string
  message: string
  code?: string
  forOperator?: string
  stack?: string
  cause?: ErrorDescription
}

const DEEPEST = 5
const REDACTED = '[redacted]'

/** Tokens of AWS sign-in, API keys, JSON web tokens, AWS key ids, our own sealed values, and what follows a scheme. */
const SECRETS = [
  /\b(?:bearer|basic)\s+\S+/gi,
  /\bao[ar][A-Za-z][\w+/=:.-]{12,}/g,
  /\b(?:sk|qk|qt|aq)[_-][\w-]{6,}/g,
  /\beyJ[\w-]{8,}(?:\.[\w-]*){1,2}/g,
  /\bA[KS]IA[A-Z0-9]{12,}/g,
  /\baq1:[\w:-]+/g,
  /-----BEGIN[^-]*-----[^-]*(?:-----END[^-]*-----)?/g,
  /(?<=:\/\/)[^\s/@]+(?=@)/g,
]

/** Driver and client errors carry requests, answers and sockets as further fields; none of those is taken over. */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: redact(String(error)) }
  // The message of a JSON syntax error quotes the text, which may be an answer full of tokens.
  const quotes = error instanceof SyntaxError
  const message = quotes ? 'The text is not valid JSON.' : redact(error.message)
  const { cause } = error
  const forOperator = error instanceof GatewayError ? error.failure.forOperator : undefined
  return {
    type: error.name,
    message,
    ...('code' in error && { code: redact(String(error.code)) }),
    ...(forOperator !== undefined && { forOperator: redact(forOperator) }),
    ...(error.stack !== undefined && { stack: redact(quotes ? framesOf(error.stack) : error.stack) }),
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

function redact(text: string): string {
  return SECRETS.reduce((soFar, secret) => soFar.replace(secret, REDACTED), text)
}
