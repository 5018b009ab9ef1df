/** Answers that are kept, for their clients: to be read again, and deleted. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { JsonObject } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import type { AnswerMemory, Dialect } from '../dialects/dialect.ts'
import type { KeptAnswer } from '../kept-answers/kept-answer.ts'
import type { KeptAnswers } from '../kept-answers/kept-answers.ts'
import type { LimitKeeper } from '../limits/key-limits.ts'
import { admitByKey } from './heed-grant.ts'
import { ownerOf } from './keep-answer.ts'

export interface KeptAnswerRouteParts {
  dialects: readonly Dialect[]
  keptAnswers: KeptAnswers
  limits: LimitKeeper
}

const MOST_IN_PAGE = 100
const PAGE = 20

export const keptAnswerPath = z.object({ id: z.string() })

export const keptAnswerQuery = z.looseObject({
  stream: z.enum(['true', 'false'], 'must be true or false').optional(),
})

export const inputItemsQuery = z.looseObject({
  limit: z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(1, 'must be 1 at least')
    .max(MOST_IN_PAGE, `must be ${MOST_IN_PAGE} at most`)
    .default(PAGE),
  order: z.enum(['asc', 'desc'], 'must be asc or desc').default('desc'),
  after: z.string('must be given once').optional(),
})

type ItemsQuery = z.output<typeof inputItemsQuery>
type Asking = FastifyRequest<{ Params: { id: string } }>

/** For dialects that have a memory, below the path of its answers and the other paths of the same. */
export function registerKeptAnswerRoutes(app: FastifyInstance, parts: KeptAnswerRouteParts): void {
  for (const dialect of parts.dialects) {
    const { memory } = dialect
    if (memory === undefined || !dialect.paths.includes(memory.path)) continue
    void app.register(async (routes) => {
      // Whatever is sent along says nothing.
      routes.removeAllContentTypeParsers()
      routes.addContentTypeParser('*', async () => undefined)
      routes.addHook('onRequest', admitByKey(parts.limits, 'helper'))
      for (const path of dialect.paths) registerAt(routes, path, { ...parts, dialect, memory })
    })
  }
}

interface MemoryParts extends KeptAnswerRouteParts {
  dialect: Dialect
  memory: AnswerMemory
}

function registerAt(routes: FastifyInstance, path: string, parts: MemoryParts): void {
  const { keptAnswers, dialect, memory } = parts
  const config = { dialect, access: 'model' as const }

  async function find(request: Asking): Promise<KeptAnswer> {
    const found = await keptAnswers.find(request.params.id, ownerOf(request))
    return found ?? refuseUnknown(request.params.id)
  }

  routes.get(`${path}/:id`, { config }, async (request: Asking) => {
    const { stream } = readQuery(keptAnswerQuery, request.query)
    if (stream === 'true') {
      const text = 'A response that is kept is not streamed again: leave `stream` out.'
      throw new GatewayError('invalid-request', text, { field: 'stream', code: 'unsupported_parameter' })
    }
    return (await find(request)).answer
  })

  routes.delete(`${path}/:id`, { config }, async (request: Asking) => {
    const { id } = request.params
    if (!(await keptAnswers.remove(id, ownerOf(request)))) refuseUnknown(id)
    return { id, object: 'response', deleted: true }
  })

  routes.get(`${path}/:id/input_items`, { config }, async (request: Asking) => {
    const query = readQuery(inputItemsQuery, request.query)
    const { id, parentId, input } = await find(request)
    const earlier = parentId === undefined ? [] : await keptAnswers.readThread(parentId, ownerOf(request))
    const before = earlier.flatMap((each) => [...each.input, ...memory.outputOf(each.answer)])
    return writePage([...before, ...input], { ...query, id })
  })

  routes.post(`${path}/:id/cancel`, { config }, async (request: Asking) => {
    const { id } = await find(request)
    const text = `Response '${id}' is complete: only those that are made in the background can be cancelled.`
    throw new GatewayError('invalid-request', text, { code: 'response_not_cancellable' })
  })
}

function refuseUnknown(id: string): never {
  throw new GatewayError(
    'not-found',
    `Response with id '${id}' not found: it was not stored, is kept no longer, or belongs to another key.`,
    { code: 'response_not_found' },
  )
}

function readQuery<S extends z.ZodType>(schema: S, query: unknown): z.output<S> {
  const result = schema.safeParse(query)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const field = String(issue?.path[0])
  throw new GatewayError('invalid-request', `${field}: ${issue?.message}`, { field })
}

function writePage(items: readonly JsonObject[], { limit, order, after }: ItemsQuery): JsonObject {
  const ordered = order === 'asc' ? items : items.toReversed()
  const start = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1
  if (after !== undefined && start === 0) {
    throw new GatewayError('invalid-request', 'after: There is no item with this id', { field: 'after' })
  }
  const data = ordered.slice(start, start + limit)
  return {
    object: 'list',
    data,
    first_id: data[0]?.['id'] ?? null,
    last_id: data.at(-1)?.['id'] ?? null,
    has_more: start + data.length < ordered.length,
  }
}
