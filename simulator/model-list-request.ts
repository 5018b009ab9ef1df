/** Input of ListAvailableModels, from a JSON body or from a query. */
import { z } from 'zod'
import { originSchema } from './rules/shape.ts'

const bodySchema = z.strictObject({
  origin: originSchema,
  profileArn: z.string().optional(),
  maxResults: z.coerce.number().int().min(1).max(100).optional(),
  nextToken: z.string().regex(/^\d+$/).optional(),
  modelProvider: z.literal('DEFAULT').optional(),
})

export type ModelListRequest = z.infer<typeof bodySchema>

/** Undefined when the service would refuse it. */
export function modelListRequest(input: unknown): ModelListRequest | undefined {
  return bodySchema.safeParse(input instanceof URLSearchParams ? Object.fromEntries(input) : input).data
}
