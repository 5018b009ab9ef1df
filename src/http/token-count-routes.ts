import type { FastifyInstance } from 'fastify'
import { estimateInputTokens } from '../conversation/estimate-tokens.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { acceptAnyJson } from './json-bodies.ts'
import type { BodyReader } from './read-body.ts'
import { singleValues } from './single-values.ts'

export interface TokenCountRouteParts {
  dialects: readonly Dialect[]
  bodies: BodyReader
}

/**
 * How many tokens a request has, for clients that budget their context. The number is a rule of thumb, and its header
 * says so: the model service counts for nobody in advance, so it is never asked. Four bytes count as a token, and an
 * image as 1500, near the most that Claude charges for one (its pixels divided by 750, after it is scaled down to 1.15
 * million of them). The model's name is not looked at, as the rule is the same for all.
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
          handler: async ({ body, headers }, reply) => {
            const inputTokens = estimateInputTokens(counting.readPrompt(body, singleValues(headers)))
            return reply.header('x-aqueduct-usage', 'estimated').send(counting.writeCount(inputTokens))
          },
        })
      }
    }
  })
}
