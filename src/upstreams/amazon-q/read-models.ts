/** What the service tells of its models (ListAvailableModels, protocol 6.1) becomes ModelInfo. Pure. */

import * as z from 'zod'
import type { JsonObject, JsonValue } from '../../conversation/conversation.ts'
import { parseJsonObject } from '../../conversation/parse-json.ts'
import type { ModelInfo } from '../upstream.ts'
import { catalogue } from './catalogue.ts'

/** One page of the list; the models are read one by one, so that an odd one costs nothing but itself. */
const modelPage = z.looseObject({
  models: z.array(z.unknown()),
  nextToken: z.string().min(1).max(4096).nullish().catch(null),
})

const count = z.number().int().positive().nullish().catch(null)
const flag = z.boolean().nullish().catch(null)

const listedModel = z.looseObject({
  // It ends up in headers and logs.
  modelId: z.string().regex(/^[\x21-\x7e]{1,128}$/),
  modelName: z.string().trim().min(1).max(128).nullish().catch(null),
  rateMultiplier: z.number().nonnegative().nullish().catch(null),
  tokenLimits: z.looseObject({ maxInputTokens: count, maxOutputTokens: count }).nullish().catch(null),
  supportedInputTypes: z.array(z.string()).nullish().catch(null),
  promptCaching: z
    .looseObject({ supportsPromptCaching: flag, maximumCacheCheckpointsPerRequest: count })
    .nullish()
    .catch(null),
})
type ListedModel = z.infer<typeof listedModel>

interface ModelPage {
  items: ModelInfo[]
  nextToken?: string
}

/** For the service's own use (titles and the like); nobody is served by it. */
const HIDDEN: ReadonlySet<string> = new Set(['simple-task'])
const DEFAULT_WINDOW_TOKENS = 200_000
/** What Anthropic's own API allows, for models that keep a cache without saying how many marks they take. */
const DEFAULT_CACHE_MARKS = 4

/** Undefined when the body is no list of models. What cannot be read in it is left out. */
export function readModelPage(body: string): ModelPage | undefined {
  const json = parseJsonObject(body)
  const page = modelPage.safeParse(json).data
  if (page === undefined || !Array.isArray(json?.['models'])) return undefined
  const { nextToken } = page
  return {
    items: json['models'].flatMap((model) => readModel(model) ?? []),
    ...(nextToken != null && { nextToken }),
  }
}

function readModel(json: JsonValue): ModelInfo | undefined {
  const listed = listedModel.safeParse(json).data
  if (listed === undefined || HIDDEN.has(listed.modelId)) return undefined
  const known = catalogue.find(({ id }) => id === listed.modelId)
  const requestFields = isObject(json)
    ? requestFieldsOf(json['additionalModelRequestFieldsSchema'])
    : undefined
  const maxOutputTokens = listed.tokenLimits?.maxOutputTokens ?? known?.maxOutputTokens
  const rate = listed.rateMultiplier ?? known?.rate
  return {
    id: listed.modelId,
    displayName: listed.modelName ?? known?.displayName ?? listed.modelId,
    contextWindowTokens:
      listed.tokenLimits?.maxInputTokens ?? known?.contextWindowTokens ?? DEFAULT_WINDOW_TOKENS,
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...inputsOf(listed, known),
    thinking: thinkingOf(requestFields, known),
    ...(requestFields !== undefined && { requestFields }),
    cacheMarks: cacheMarksOf(listed, known),
    ...(rate !== undefined && { rate }),
  }
}

function inputsOf(
  { supportedInputTypes: types }: ListedModel,
  known: ModelInfo | undefined,
): Pick<ModelInfo, 'takesImages' | 'takesDocuments'> {
  return {
    takesImages: types?.includes('IMAGE') ?? known?.takesImages ?? false,
    // The service does not list documents among the types, though some models take them.
    takesDocuments: types?.includes('DOCUMENT') === true || known?.takesDocuments === true,
  }
}

function cacheMarksOf({ promptCaching }: ListedModel, known: ModelInfo | undefined): number {
  const supports = promptCaching?.supportsPromptCaching ?? undefined
  if (supports === undefined) return known?.cacheMarks ?? 0
  return supports ? (promptCaching?.maximumCacheCheckpointsPerRequest ?? DEFAULT_CACHE_MARKS) : 0
}

function thinkingOf(
  requestFields: JsonObject | undefined,
  known: ModelInfo | undefined,
): ModelInfo['thinking'] {
  const fields = requestFields?.['properties']
  const thinks = isObject(fields) && ('thinking' in fields || 'reasoning' in fields)
  return thinks ? 'fields' : (known?.thinking ?? 'none')
}

/** Real ones have two kilobytes. */
const MAX_SCHEMA_CHARACTERS = 32_768

/** Given as an object, or as its JSON text. Anything but the schema of an object says nothing about fields. */
function requestFieldsOf(json: JsonValue | undefined): JsonObject | undefined {
  if ((typeof json === 'string' ? json : JSON.stringify(json ?? null)).length > MAX_SCHEMA_CHARACTERS)
    return undefined
  const schema = typeof json === 'string' ? parseJsonObject(json) : json
  return isObject(schema) && (schema['type'] === 'object' || isObject(schema['properties']))
    ? schema
    : undefined
}

function isObject(json: JsonValue | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
