/** Which models the service has, and how the names that clients use lead to them (protocol 7). */

import { GatewayError } from '../../conversation/failures.ts'
import type { ModelInfo } from '../upstream.ts'

export interface Model extends ModelInfo {
  takesImages: boolean
}

/** As known in late 2026; what an account may really use depends on its plan, and the service has the last word. */
export const catalogue: readonly Model[] = [
  { id: 'claude-sonnet-4', displayName: 'Claude Sonnet 4', contextWindowTokens: 200_000, takesImages: true },
  {
    id: 'claude-sonnet-4.5',
    displayName: 'Claude Sonnet 4.5',
    contextWindowTokens: 200_000,
    takesImages: true,
  },
  {
    id: 'claude-sonnet-4.6',
    displayName: 'Claude Sonnet 4.6',
    contextWindowTokens: 1_000_000,
    takesImages: true,
  },
  {
    id: 'claude-sonnet-5',
    displayName: 'Claude Sonnet 5',
    contextWindowTokens: 1_000_000,
    takesImages: true,
  },
  {
    id: 'claude-sonnet-5.5',
    displayName: 'Claude Sonnet 5.5',
    contextWindowTokens: 1_000_000,
    takesImages: true,
  },
  {
    id: 'claude-haiku-4.5',
    displayName: 'Claude Haiku 4.5',
    contextWindowTokens: 200_000,
    takesImages: true,
  },
  { id: 'claude-opus-4.5', displayName: 'Claude Opus 4.5', contextWindowTokens: 200_000, takesImages: true },
  {
    id: 'claude-opus-4.6',
    displayName: 'Claude Opus 4.6',
    contextWindowTokens: 1_000_000,
    takesImages: true,
  },
  {
    id: 'claude-opus-4.7',
    displayName: 'Claude Opus 4.7',
    contextWindowTokens: 1_000_000,
    takesImages: true,
  },
  {
    id: 'claude-opus-4.8',
    displayName: 'Claude Opus 4.8',
    contextWindowTokens: 1_000_000,
    takesImages: true,
  },
  { id: 'claude-opus-5', displayName: 'Claude Opus 5', contextWindowTokens: 1_000_000, takesImages: true },
  {
    id: 'claude-opus-5.5',
    displayName: 'Claude Opus 5.5',
    contextWindowTokens: 1_000_000,
    takesImages: true,
  },
  { id: 'gpt-5.6-sol', displayName: 'GPT-5.6 Sol', contextWindowTokens: 1_000_000, takesImages: true },
  { id: 'gpt-5.6-terra', displayName: 'GPT-5.6 Terra', contextWindowTokens: 1_000_000, takesImages: true },
  { id: 'gpt-5.6-luna', displayName: 'GPT-5.6 Luna', contextWindowTokens: 1_000_000, takesImages: true },
  { id: 'deepseek-3.2', displayName: 'DeepSeek 3.2', contextWindowTokens: 128_000, takesImages: false },
  { id: 'glm-5', displayName: 'GLM-5', contextWindowTokens: 200_000, takesImages: false },
  { id: 'minimax-m2.1', displayName: 'MiniMax M2.1', contextWindowTokens: 200_000, takesImages: false },
  { id: 'minimax-m2.5', displayName: 'MiniMax M2.5', contextWindowTokens: 200_000, takesImages: false },
  {
    id: 'qwen3-coder-next',
    displayName: 'Qwen3 Coder Next',
    contextWindowTokens: 256_000,
    takesImages: false,
  },
]

/** Models that are gone, with the nearest one that is there. All other unknown names are refused, never replaced. */
const successors: ReadonlyMap<string, string> = new Map([
  ['claude-3.5-sonnet', 'claude-sonnet-4.5'],
  ['claude-3.7-sonnet', 'claude-sonnet-4.5'],
  ['claude-3.5-haiku', 'claude-haiku-4.5'],
])

/** What clients and vendors put around a name: who sells it, from where, its date, its revision, its mode. */
const wrappings: readonly RegExp[] = [
  /^(bedrock|anthropic|openai)\//,
  /^(us|eu|apac|global)\.(?=anthropic\.)/,
  /^anthropic\./,
  /-v\d+([:-]\d+)?$/,
  /[-@]\d{8}$/,
  /-latest$/,
  /-thinking$/,
  /\[1m\]$/,
]

/** The service writes `claude-sonnet-4.5`; clients write the version with a hyphen, and some put it first. */
const spellings: readonly [pattern: RegExp, replacement: string][] = [
  [/^claude-([a-z]+)-(\d+)-(\d{1,2})$/, 'claude-$1-$2.$3'],
  [/^claude-(\d+)-(\d{1,2})-([a-z]+)$/, 'claude-$1.$2-$3'],
  [/^claude-([4-9](?:\.\d+)?)-([a-z]+)$/, 'claude-$2-$1'],
  [/\.0$/, ''],
]

const MAX_SHOWN_NAME = 100

/** Throws `model-not-found` with the names that would do. */
export function resolveModel(name: string): Model {
  const model = findModel(name)
  if (model !== undefined) return model
  const shown = name.slice(0, MAX_SHOWN_NAME).toWellFormed()
  const known = catalogue.map((candidate) => candidate.id).join(', ')
  throw new GatewayError('model-not-found', `model: ${shown} is not known here. Choose one of: ${known}.`, {
    field: 'model',
  })
}

/** By any name that leads to it. */
export function findModel(name: string): Model | undefined {
  const id = normalise(name)
  return modelOfId(name) ?? modelOfId(successors.get(id) ?? id)
}

/** Of a model that is not in the catalogue the service has the last word. */
export function takesImages(id: string): boolean {
  return modelOfId(id)?.takesImages ?? true
}

function modelOfId(id: string): Model | undefined {
  return catalogue.find((model) => model.id === id)
}

function normalise(name: string): string {
  let bare = name.trim().toLowerCase().replaceAll('_', '-')
  // Wrappings nest in any order, so they come off until none is left; each takes something away, so this ends.
  for (let before = ''; before !== bare;) {
    before = bare
    bare = wrappings.reduce((text, pattern) => text.replace(pattern, ''), bare)
  }
  return spellings.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), bare)
}
