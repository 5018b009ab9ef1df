import type { Dialect } from '../dialect.ts'
import { memory } from './memory.ts'
import { parameters } from './parameters.ts'
import { readCompactRequest, readPrompt, readRequest } from './read-request.ts'
import { writeError } from './write-error.ts'

/** The aliases serve clients whose base URL has, or lacks, a `/v1` of its own. */
const paths = ['/v1/responses', '/responses', '/v1/v1/responses', '/openai/v1/responses']

/** OpenAI's Responses API. */
export const openaiResponses: Dialect = {
  name: 'openai-responses',
  paths,
  tokenCounting: {
    paths: paths.map((path) => `${path}/input_tokens`),
    readPrompt,
    writeCount: (inputTokens) => ({ object: 'response.input_tokens', input_tokens: inputTokens }),
  },
  memory,
  parameters,
  recognises: (path) => /^(\/openai)?(\/v1){0,2}\/responses(\/|$)/.test(path),
  readRequest,
  writeError,
}

/** Its route for summaries that stand for a conversation, which older versions of Codex use. */
export const openaiCompact: Dialect = {
  name: 'openai-compact',
  paths: paths.map((path) => `${path}/compact`),
  memory,
  parameters,
  // Whatever has no route of its own is the other's.
  recognises: () => false,
  readRequest: readCompactRequest,
  writeError,
}
