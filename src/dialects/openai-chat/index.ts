import type { Dialect } from '../dialect.ts'
import { writeOpenaiError } from '../openai-error.ts'
import { parameters } from './parameters.ts'
import { readRequest } from './read-request.ts'

/** OpenAI's Chat Completions API. The aliases serve clients whose base URL has, or lacks, a `/v1` of its own. */
export const openaiChat: Dialect = {
  name: 'openai-chat',
  paths: [
    '/v1/chat/completions',
    '/chat/completions',
    '/v1/v1/chat/completions',
    '/openai/v1/chat/completions',
  ],
  parameters,
  recognises: () => true,
  readRequest,
  writeError: writeOpenaiError,
}
