import type { Dialect } from '../dialect.ts'
import { parameters } from './parameters.ts'
import { readPrompt, readRequest } from './read-request.ts'
import { writeError } from './write-error.ts'

/** The aliases serve clients whose base URL has, or lacks, a `/v1` of its own. */
const paths = [
  '/v1/messages',
  '/messages',
  '/v1/v1/messages',
  '/anthropic/v1/messages',
  '/anthropic/messages',
]

/** Anthropic's Messages API. */
export const anthropicMessages: Dialect = {
  name: 'anthropic-messages',
  paths,
  tokenCounting: {
    paths: paths.map((path) => `${path}/count_tokens`),
    readPrompt,
    writeCount: (inputTokens) => ({ input_tokens: inputTokens }),
  },
  parameters,
  recognises: (path, headers) =>
    /^\/(anthropic|(v1\/){0,2}messages)(\/|$)/.test(path) ||
    headers['anthropic-version'] !== undefined ||
    (headers['x-api-key'] !== undefined && headers['authorization'] === undefined),
  readRequest,
  writeError,
}
