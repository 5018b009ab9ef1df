/** Declarations of tools, in the shapes of all three client APIs and of before there were tools. */
import * as z from 'zod'
import { isJsonObject, jsonObject } from './request-body.ts'

/** A schema that is none declares a tool without parameters. */
const parameters = jsonObject.nullish().catch(null)

const declaration = {
  name: z.string().min(1),
  description: z.string().nullish(),
  parameters,
}

const format = z
  .looseObject({
    type: z.string().nullish().catch(null),
    grammar: z.looseObject({ syntax: z.string(), definition: z.string() }).nullish().catch(null),
    // The Responses API has them here.
    syntax: z.string().nullish().catch(null),
    definition: z.string().nullish().catch(null),
  })
  .nullish()
  .catch(null)

const customDeclaration = { name: z.string().min(1), description: z.string().nullish(), format }

/** OpenAI's shape; some clients put the parameters beside the function. */
const nestedTool = z.looseObject({
  shape: z.literal('nested'),
  function: z.looseObject({ ...declaration, input_schema: parameters }),
  parameters,
  input_schema: parameters,
})

/** The Responses API's shape, and Anthropic's, which calls the parameters `input_schema`. */
const flatTool = z.looseObject({ shape: z.literal('flat'), ...declaration, input_schema: parameters })

/** Takes one free text instead of an object. */
const customTool = z.looseObject({
  shape: z.literal('custom'),
  custom: z.looseObject(customDeclaration),
})
const flatCustomTool = z.looseObject({ shape: z.literal('flat-custom'), ...customDeclaration })

/** Server tools, and whatever clients invent: nobody here can run them. */
const unknownTool = z.looseObject({ shape: z.literal('unknown'), name: z.unknown().optional() })

export const tool = z.preprocess(
  (value) => (isJsonObject(value) ? { ...value, shape: shapeOf(value) } : value),
  z.discriminatedUnion('shape', [nestedTool, flatTool, customTool, flatCustomTool, unknownTool]),
)

/** The Responses API's group of tools. */
export const namespaceTool = z.looseObject({
  name: z.string().min(1),
  description: z.string().nullish(),
  tools: z.array(tool),
})

export const legacyFunction = z.looseObject(declaration)

/** What a client wants of the tools, where it is not a plain word. What is not understood is absent. */
export const choiceObject = z.looseObject({
  type: z.string(),
  name: z.string().nullish().catch(null),
  namespace: z.string().nullish().catch(null),
  function: z.looseObject({ name: z.string() }).nullish().catch(null),
  custom: z.looseObject({ name: z.string() }).nullish().catch(null),
})

const namedTools = z.array(choiceObject).nullish().catch(null)

/** The tools that may be called, of those declared; the Responses API has them one level higher. */
export const allowedTools = z.looseObject({
  mode: z.string().nullish().catch(null),
  tools: namedTools,
  allowed_tools: z
    .looseObject({ mode: z.string().nullish().catch(null), tools: namedTools })
    .nullish()
    .catch(null),
})

type ToolShape = 'nested' | 'flat' | 'custom' | 'flat-custom' | 'unknown'

function shapeOf(value: Readonly<Record<string, unknown>>): ToolShape {
  const type = value['type'] ?? 'function'
  if (type === 'function') return isJsonObject(value['function']) || !('name' in value) ? 'nested' : 'flat'
  if (type !== 'custom') return 'unknown'
  if (isJsonObject(value['custom'])) return 'custom'
  return 'input_schema' in value || 'parameters' in value ? 'flat' : 'flat-custom'
}

export type UnreadTool = z.output<typeof tool>
export type CustomDeclaration = z.output<typeof customTool>['custom']
export type ChoiceObject = z.output<typeof choiceObject>
