/** What a model takes in `additionalModelRequestFields`, in the JSON Schema that the model list tells. */
import { unreachable } from './unreachable.ts'

/** The few keywords of JSON Schema that these schemas are written in. */
export type FieldSchema =
  | {
      type: 'object'
      properties: Readonly<Record<string, FieldSchema>>
      required?: readonly string[]
      additionalProperties: false
    }
  | { type: 'string'; enum: readonly string[]; default?: string }
  | { type: 'integer'; minimum: number; maximum: number }

interface ClaudeFields {
  thinkingTypes: readonly string[]
  efforts: readonly string[]
  defaultEffort: string
  maxTokens: number
}

const MIN_MAX_TOKENS = 1024

/** For Claude since 4.6. */
export function claudeFields({
  thinkingTypes,
  efforts,
  defaultEffort,
  maxTokens,
}: ClaudeFields): FieldSchema {
  return object({
    thinking: {
      ...object({ type: oneOf(thinkingTypes), display: oneOf(['summarized', 'omitted']) }),
      required: ['type'],
    },
    output_config: object({ effort: { ...oneOf(efforts), default: defaultEffort } }),
    max_tokens: { type: 'integer', minimum: MIN_MAX_TOKENS, maximum: maxTokens },
  })
}

/** For GPT. */
export function gptFields(efforts: readonly string[]): FieldSchema {
  return object({ reasoning: object({ effort: oneOf(efforts) }) })
}

function object(properties: Readonly<Record<string, FieldSchema>>): FieldSchema & { type: 'object' } {
  return { type: 'object', properties, additionalProperties: false }
}

function oneOf(values: readonly string[]): FieldSchema & { type: 'string' } {
  return { type: 'string', enum: values }
}

/** The first fault in the service's words, or undefined when the schema takes the value. */
export function findFieldFault(schema: FieldSchema, value: unknown, path = '$'): string | undefined {
  switch (schema.type) {
    case 'object':
      return findObjectFault(schema, value, path)
    case 'string':
      if (typeof value !== 'string') return `${path}: string expected`
      return schema.enum.includes(value) ? undefined : `${path}: must be one of ${schema.enum.join(', ')}`
    case 'integer':
      if (!Number.isInteger(value)) return `${path}: integer expected`
      return Number(value) < schema.minimum || Number(value) > schema.maximum
        ? `${path}: must be from ${schema.minimum} to ${schema.maximum}`
        : undefined
    default:
      return unreachable(schema)
  }
}

function findObjectFault(
  { properties, required = [] }: FieldSchema & { type: 'object' },
  value: unknown,
  path: string,
): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${path}: object expected`
  const missing = required.find((name) => !Object.hasOwn(value, name))
  if (missing !== undefined) return `${path}: property '${missing}' is required`
  for (const [name, member] of Object.entries(value)) {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined
    const place = path === '$' ? '' : `${path}: `
    if (schema === undefined) return `${place}property '${name}' is not defined in the schema`
    const fault = findFieldFault(schema, member, `${path}.${name}`)
    if (fault !== undefined) return fault
  }
  return undefined
}
