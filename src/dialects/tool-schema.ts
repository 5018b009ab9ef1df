/** Declarations of tools, in the shapes of all three client APIs and of before there were tools. */
import * as z from 'zod'
import { isJsonObject, jsonObject, listOf } from './request-body.ts'

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

const shapedTool = z.discriminatedUnion('shape', [
  nestedTool,
  flatTool,
  customTool,
  flatCustomTool,
  unknownTool,
])

/** A tool as Chat Completions declares it; in the shape of another API it is welcome too. */
export const nestingTool = z.preprocess((value) => withShape(value, 'nested'), shapedTool)

/** A tool as the Responses API declares it; in the shape of another API it is welcome too. */
export const tool = z.preprocess((value) => withShape(value, 'flat'), shapedTool)

/** The Responses API's group of tools. */
export const namespaceTool = z.looseObject({
  name: z.string().min(1),
  description: z.string().nullish(),
  tools: listOf(tool),
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

const namedTools = listOf(choiceObject).nullish().catch(null)

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

/** `usual`: of the API, for what tells by no member of its own which shape it has. */
function withShape(value: unknown, usual: 'nested' | 'flat'): unknown {
  return isJsonObject(value) ? { ...value, shape: shapeOf(value, usual) } : value
}

function shapeOf(value: Readonly<Record<string, unknown>>, usual: 'nested' | 'flat'): ToolShape {
  const type = value['type'] ?? 'function'
  const isNested = (member: string) =>
    isJsonObject(value[member]) || (!('name' in value) && (member in value || usual === 'nested'))
  if (type === 'function') return isNested('function') ? 'nested' : 'flat'
  if (type !== 'custom') return 'unknown'
  if (isNested('custom')) return 'custom'
  return 'input_schema' in value || 'parameters' in value ? 'flat' : 'flat-custom'
}

export type UnreadTool = z.output<typeof shapedTool>
export type CustomDeclaration = z.output<typeof customTool>['custom']
export type ChoiceObject = z.output<typeof choiceObject>
