/** What kind of value a variable has, for whoever shows or asks for it. */
import * as z from 'zod'

export type ValueKind =
  | { type: 'number'; least: number; most: number; isWhole: boolean }
  | { type: 'flag' }
  | { type: 'choice'; words: readonly string[] }
  /** Its items are separated by commas. */
  | { type: 'list' }
  | { type: 'text' }

const kinds = z.registry<{ kind: ValueKind }>()

/** The schema itself, with its kind noted: last of all, as whatever is made of it later is another schema. */
export function ofKind<Schema extends z.ZodType>(kind: ValueKind, schema: Schema): Schema {
  kinds.add(schema, { kind })
  return schema
}

/** As it was noted of the schema of the value; one of which nothing was is a text. */
export function kindOf(schema: z.core.$ZodType): ValueKind {
  const isWrapped = schema instanceof z.ZodDefault || schema instanceof z.ZodOptional
  return kinds.get(isWrapped ? schema.def.innerType : schema)?.kind ?? { type: 'text' }
}
