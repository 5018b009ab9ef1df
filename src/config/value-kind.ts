/** What kind of value a variable has, for whoever shows or asks for it. */
import * as z from 'zod'

const valueKind = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('number'), least: z.number(), most: z.number(), isWhole: z.boolean() }),
  z.strictObject({ type: z.literal('flag') }),
  z.strictObject({ type: z.literal('choice'), words: z.array(z.string()).readonly() }),
  /** Its items are separated by commas. */
  z.strictObject({ type: z.literal('list') }),
  z.strictObject({ type: z.literal('text') }),
])
export type ValueKind = z.output<typeof valueKind>

const described = z.object({ kind: valueKind })

/** As the schema of the value says; one that says nothing is a text. */
export function kindOf(schema: z.core.$ZodType): ValueKind {
  const isWrapped = schema instanceof z.ZodDefault || schema instanceof z.ZodOptional
  const said = described.safeParse(z.globalRegistry.get(isWrapped ? schema.def.innerType : schema))
  return said.success ? said.data.kind : { type: 'text' }
}
