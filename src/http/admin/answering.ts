/** How the operator's routes answer: by a closed schema, whatever a handler returns. */
import type { FastifyContextConfig, FastifySchema } from 'fastify'
import * as z from 'zod'
import { forOperator } from '../guards.ts'

/** Options of a route of the operator's that answers 200 with this. */
export function answering(schema: z.ZodType): { config: FastifyContextConfig; schema: FastifySchema } {
  return { config: forOperator, schema: { response: { 200: schema.describe('OK') } } }
}

/** What Fastify makes answers with, where their route has a schema. A Date has to be a text by then. */
export function writeBySchema({ schema }: { schema: unknown }): (answer: unknown) => string {
  if (!(schema instanceof z.ZodType))
    throw new TypeError('The answer of a route is described by a zod schema.')
  return (answer) => JSON.stringify(schema.parse(answer))
}
