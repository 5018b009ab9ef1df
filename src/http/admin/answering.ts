/** How the operator's routes answer: by a closed schema, whatever a handler returns. */
import { setImmediate } from 'node:timers/promises'
import type { FastifyContextConfig, FastifySchema } from 'fastify'
import * as z from 'zod'
import { forOperator } from '../guards.ts'

/** Options of a route of the operator's that answers 200 with this. */
export function answering(schema: z.ZodType): { config: FastifyContextConfig; schema: FastifySchema } {
  return { config: forOperator, schema: { response: { 200: schema.describe('OK') } } }
}

/** Texts of so many are made before others get their turn: an account takes some 0.02 ms. */
const WRITTEN_AT_ONCE = 200

/** A list of any length as JSON, each member by its schema. What answers it as a part of a text answers by that schema too. */
export async function writeList(member: z.ZodType, list: readonly unknown[]): Promise<string> {
  const texts: string[] = []
  for (const [index, each] of list.entries()) {
    if (index % WRITTEN_AT_ONCE === WRITTEN_AT_ONCE - 1) await setImmediate()
    texts.push(JSON.stringify(member.parse(each)))
  }
  return `[${texts.join(',')}]`
}

/** What Fastify makes answers with, where their route has a schema. A Date has to be a text by then. */
export function writeBySchema({ schema }: { schema?: unknown }): (answer: unknown) => string {
  if (!(schema instanceof z.ZodType))
    throw new TypeError('The answer of a route is described by a zod schema.')
  return (answer) => JSON.stringify(schema.parse(answer))
}
