import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { JsonObject } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { findListed, listAllowed } from '../limits/allowed-models.ts'
import type { LimitKeeper } from '../limits/key-limits.ts'
import type { Models } from '../models/models.ts'
import type { PlanWishes } from '../relay/task.ts'
import type { ModelInfo } from '../upstreams/upstream.ts'
import { admitByKey, allowedModelsOf, poolWishesOf } from './heed-grant.ts'
import { writeModel } from './write-model.ts'

export interface ModelRouteParts {
  models: Pick<Models, 'ready' | 'list' | 'find' | 'resolve' | 'findKnown'>
  limits: LimitKeeper
  /** Whether the gateway searches the web for who may use accounts with one of these tags; absent: with all. */
  searchesWeb: (wishes: Pick<PlanWishes, 'tags'>) => boolean
}

const PATHS = ['/v1/models', '/models', '/v1/v1/models', '/anthropic/v1/models', '/openai/v1/models']

/** As Anthropic's API has it; who asks for more gets as many. */
const MOST_IN_PAGE = 1000

const pageQuery = z.looseObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .transform((limit) => Math.min(limit, MOST_IN_PAGE))
    .optional(),
  after_id: z.string().optional(),
  before_id: z.string().optional(),
})

type PageQuery = z.output<typeof pageQuery>

/**
 * The model list of both vendors' APIs at once: each client reads the keys that it knows. Without a `limit` it has
 * one page, as OpenAI's clients expect. Only errors differ, by what the caller's headers say of it.
 */
export function registerModelRoutes(
  app: FastifyInstance,
  { models, limits, searchesWeb }: ModelRouteParts,
): void {
  const abilitiesFor = (request: FastifyRequest) => ({ searchesWeb: searchesWeb(poolWishesOf(request)) })
  void app.register(async (routes) => {
    routes.addHook('onRequest', async (_, reply) => {
      const vary = reply.getHeader('vary')
      reply.header('vary', vary === undefined ? 'anthropic-version' : `${String(vary)}, anthropic-version`)
    })
    routes.addHook('onRequest', admitByKey(limits, 'helper'))
    const config = { access: 'model' as const }
    for (const path of PATHS) {
      routes.get(path, { config }, async (request) => {
        const page = readQuery(request.query)
        await models.ready()
        const abilities = abilitiesFor(request)
        const listed = listAllowed(models, allowedModelsOf(request))
        return writePage(listed, page, (model) => writeModel(model, abilities))
      })
      // An id may hold slashes.
      routes.get<{ Params: { '*': string } }>(`${path}/*`, { config }, async (request) => {
        const name = request.params['*']
        await models.ready()
        return writeModel(findListed(models, name, allowedModelsOf(request)), abilitiesFor(request))
      })
    }
  })
}

function readQuery(query: unknown): PageQuery {
  const result = pageQuery.safeParse(query)
  if (result.success) return result.data
  const field = String(result.error.issues[0]?.path[0])
  const rule = field === 'limit' ? 'Input should be a whole number from 1 on' : 'Input should be given once'
  throw new GatewayError('invalid-request', `${field}: ${rule}`, { field })
}

function writePage(
  models: readonly ModelInfo[],
  query: PageQuery,
  write: (model: ModelInfo) => JsonObject,
): JsonObject {
  const { limit = models.length } = query
  const from = query.after_id === undefined ? 0 : indexOf(models, 'after_id', query.after_id) + 1
  const to = query.before_id === undefined ? models.length : indexOf(models, 'before_id', query.before_id)
  const range = models.slice(from, to)
  // Going backwards, the page is the one right before the given model.
  const isBackwards = query.before_id !== undefined && query.after_id === undefined
  const page = isBackwards ? range.slice(-limit) : range.slice(0, limit)
  return {
    object: 'list',
    data: page.map(write),
    has_more: page.length < range.length,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  }
}

function indexOf(models: readonly ModelInfo[], field: string, id: string): number {
  const index = models.findIndex((model) => model.id === id)
  if (index !== -1) return index
  throw new GatewayError('invalid-request', `${field}: There is no model of this id in the list`, { field })
}
