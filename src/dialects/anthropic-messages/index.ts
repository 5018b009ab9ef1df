import type { Dialect } from '../dialect.ts'
import { readRequest } from './read-request.ts'
import { writeError } from './write-error.ts'
import { writeReply } from './write-reply.ts'
import { createEncoder } from './write-stream.ts'

/** Anthropic's Messages API. The aliases serve clients whose base URL has, or lacks, a `/v1` of its own. */
export const anthropicMessages: Dialect = {
  name: 'anthropic-messages',
  paths: ['/v1/messages', '/messages', '/v1/v1/messages', '/anthropic/v1/messages', '/anthropic/messages'],
  recognises: (path, headers) =>
    /^\/(anthropic|(v1\/){0,2}messages)(\/|$)/.test(path) ||
    headers['anthropic-version'] !== undefined ||
    (headers['x-api-key'] !== undefined && headers['authorization'] === undefined),
  readRequest,
  createEncoder,
  writeReply,
  writeError,
}
