import type { FastifyInstance } from 'fastify'
import type { Dialect } from '../dialects/dialect.ts'
import type { KeptAnswers } from '../kept-answers/kept-answers.ts'
import type { LimitKeeper } from '../limits/key-limits.ts'
import type { TokenCounts } from '../token-counts/token-counts.ts'
import { admitByKey } from './heed-grant.ts'
import { recallRequest } from './keep-answer.ts'
import { acceptAnyJson } from './json-bodies.ts'
import type { BodyReader } from './read-body.ts'
import { singleValues } from './single-values.ts'

export interface TokenCountRouteParts {
  dialects: readonly Dialect[]
  bodies: BodyReader
  tokenCounts: TokenCounts
  limits: LimitKeeper
  keptAnswers: KeptAnswers
}

/**
 * How many tokens a request has, for clients that budget their context. The number is near, but not exact, and its header
 * says so: Claude's vocabulary is not public, and the model service counts for nobody in advance, so it is never asked. The
 * model's name is not looked at, as the count is the same for all.
 */
export function registerTokenCountRoutes(app: FastifyInstance, parts: TokenCountRouteParts): void {
  void app.register(async (routes) => {
    acceptAnyJson(routes, parts.bodies)
    for (const dialect of parts.dialects) {
      const { tokenCounting: counting } = dialect
      if (counting === undefined) continue
      for (const path of counting.paths) {
        routes.post(path, {
          config: { dialect, access: 'model' },
          onRequest: admitByKey(parts.limits, 'helper'),
          handler: async (request, reply) => {
            const { body } = await recallRequest(parts.keptAnswers, dialect, request)
            const prompt = counting.readPrompt(body, singleValues(request.headers))
            const inputTokens = await parts.tokenCounts.inputTokensOf(prompt)
            return reply.header('x-aqueduct-usage', 'estimated').send(counting.writeCount(inputTokens))
          },
        })
      }
    }
  })
}
