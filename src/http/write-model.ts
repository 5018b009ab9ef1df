/** A model as the lists of both vendors' APIs show it, at once: each client reads the keys that it knows. */

import type { JsonObject, JsonValue } from '../conversation/conversation.ts'
import type { ModelInfo } from '../upstreams/upstream.ts'

/** Nobody tells when a model was made, and both APIs want a date: it is the same for all, and means nothing. */
const CREATED_AT = '2026-01-01T00:00:00Z'
const OWNER = 'amazon-q'
const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const

/** What the gateway adds to all models. */
interface Abilities {
  searchesWeb: boolean
}

export function writeModel(model: ModelInfo, abilities: Abilities): JsonObject {
  const { id, displayName, contextWindowTokens, maxOutputTokens } = model
  return {
    id,
    object: 'model',
    type: 'model',
    created: Date.parse(CREATED_AT) / 1000,
    created_at: CREATED_AT,
    owned_by: OWNER,
    display_name: displayName,
    // The window goes by a name of its own in each family of clients.
    context_length: contextWindowTokens,
    max_model_len: contextWindowTokens,
    max_input_tokens: contextWindowTokens,
    max_tokens: maxOutputTokens ?? null,
    ...(maxOutputTokens !== undefined && { max_output_tokens: maxOutputTokens }),
    line: /^claude-(haiku|sonnet|opus|fable|mythos)\b/.exec(id)?.[1] ?? null,
    lifecycle: 'active',
    deprecated_at: null,
    retires_at: null,
    capabilities: writeCapabilities(model, abilities),
  }
}

/** All keys of Anthropic's: its clients count on their being there. */
function writeCapabilities(model: ModelInfo, { searchesWeb }: Abilities): JsonObject {
  return {
    batch: supported(false),
    citations: supported(false),
    code_execution: supported(false),
    context_management: {
      supported: false,
      clear_thinking_20251015: null,
      clear_tool_uses_20250919: null,
      compact_20260112: null,
    },
    effort: writeEffort(model),
    image_input: supported(model.takesImages),
    pdf_input: supported(model.takesDocuments),
    server_tools: {
      supported: searchesWeb,
      code_execution: supported(false),
      web_search: supported(searchesWeb),
    },
    structured_outputs: supported(false),
    thinking: writeThinking(model),
  }
}

/** No request is refused for wanting no thinking, whatever comes of it. */
function writeThinking({ thinking }: ModelInfo): JsonObject {
  const thinks = thinking !== 'none'
  const types = {
    adaptive: supported(thinks),
    between_tools: supported(true),
    disabled: supported(true),
    enabled: supported(thinks),
  }
  return { supported: thinks, types }
}

function writeEffort(model: ModelInfo): JsonObject {
  const efforts = effortsOf(model)
  const levels = EFFORTS.map((effort) => [effort, supported(efforts.includes(effort))] as const)
  return { supported: efforts.length > 0, ...Object.fromEntries(levels) }
}

/** By the model's own schema: Claude's field and GPT's. */
export function effortsOf({ requestFields }: Pick<ModelInfo, 'requestFields'>): string[] {
  const efforts = ['output_config', 'reasoning'].map((field) =>
    ['properties', field, 'properties', 'effort', 'enum'].reduce(memberOf, requestFields),
  )
  return efforts
    .flatMap((values) => (Array.isArray(values) ? values : []))
    .filter((value) => typeof value === 'string')
}

function memberOf(json: JsonValue | undefined, name: string): JsonValue | undefined {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? json[name] : undefined
}

function supported(isSupported: boolean): JsonObject {
  return { supported: isSupported }
}
