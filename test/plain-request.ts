import type { ChatRequest, Dialect } from '../src/dialects/dialect.ts'

/** The least that every dialect reads; what one of them does not know, it passes over. */
const body = {
  model: 'claude-sonnet-4.5',
  max_tokens: 1000,
  messages: [{ role: 'user', content: 'hi' }],
  input: 'hi',
  stream: true,
  stream_options: { include_usage: true },
}

export function readPlainRequest(dialect: Dialect): ChatRequest {
  return dialect.readRequest(body, {})
}
