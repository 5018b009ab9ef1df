/** The simulated model list: figures as publicly reported, not an authority. */
import { claudeFields, type FieldSchema, gptFields } from './extra-fields.ts'

export interface Model {
  modelId: string
  modelName: string
  windowTokens: number
  maxOutputTokens: number
  rateMultiplier: number
  images: boolean
  documents: boolean
  /** Undefined: the model takes no cache points. */
  promptCaching: PromptCaching | undefined
  /** What `additionalModelRequestFields` may hold; undefined: the model takes none. */
  extraFields: FieldSchema | undefined
  /** Thinks in tags, within its text, when the prompt says so. */
  thinksInTags: boolean
}

interface PromptCaching {
  minimumTokensPerCacheCheckpoint: number
  maximumCacheCheckpointsPerRequest: number
}

const plain = {
  maxOutputTokens: 64_000,
  documents: false,
  promptCaching: undefined,
  extraFields: undefined,
  thinksInTags: false,
}

function caching(minimumTokens: number) {
  return {
    promptCaching: {
      minimumTokensPerCacheCheckpoint: minimumTokens,
      maximumCacheCheckpointsPerRequest: 4,
    },
  }
}

const older = { ...plain, windowTokens: 200_000, images: true, ...caching(1024) }
const talkative = { ...older, thinksInTags: true }
const EFFORTS_WITHOUT_XHIGH = ['low', 'medium', 'high', 'max']
const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max']
const optional = ['adaptive', 'disabled']

interface Particulars {
  thinkingTypes?: readonly string[]
  efforts?: readonly string[]
  defaultEffort?: string
  maxTokens?: number
}

/** A model that thinks as its extra fields tell it to. */
function newer({ maxTokens = 128_000, ...particulars }: Particulars = {}) {
  const { thinkingTypes = optional, efforts = EFFORTS, defaultEffort = 'high' } = particulars
  return {
    ...plain,
    windowTokens: 1_000_000,
    maxOutputTokens: maxTokens,
    images: true,
    documents: true,
    ...caching(1024),
    extraFields: claudeFields({ thinkingTypes, efforts, defaultEffort, maxTokens }),
  }
}

const gpt = {
  ...plain,
  windowTokens: 1_000_000,
  maxOutputTokens: 128_000,
  images: true,
  extraFields: gptFields(['none', 'low', 'medium', 'high', 'xhigh']),
}
const textOnly = { ...plain, images: false, windowTokens: 200_000 }

/** Id, display name, credits a request costs in relation to others, and the rest. */
type Row = [modelId: string, modelName: string, rate: number, rest: Omit<Model, keyof NameAndRate>]
type NameAndRate = Pick<Model, 'modelId' | 'modelName' | 'rateMultiplier'>

const rows: readonly Row[] = [
  ['claude-sonnet-4.5', 'Claude Sonnet 4.5', 1.3, talkative],
  ['claude-sonnet-4', 'Claude Sonnet 4', 1.3, talkative],
  ['claude-haiku-4.5', 'Claude Haiku 4.5', 0.4, { ...older, ...caching(4096) }],
  ['claude-opus-4.5', 'Claude Opus 4.5', 2.2, { ...talkative, ...caching(4096) }],
  [
    'claude-sonnet-4.6',
    'Claude Sonnet 4.6',
    1.3,
    newer({ efforts: EFFORTS_WITHOUT_XHIGH, maxTokens: 64_000 }),
  ],
  ['claude-opus-4.6', 'Claude Opus 4.6', 2.2, newer({ efforts: EFFORTS_WITHOUT_XHIGH })],
  ['claude-opus-4.7', 'Claude Opus 4.7', 2.2, newer({ defaultEffort: 'xhigh' })],
  ['claude-opus-4.8', 'Claude Opus 4.8', 2.2, newer()],
  ['claude-sonnet-5', 'Claude Sonnet 5', 1.3, newer()],
  ['claude-opus-5', 'Claude Opus 5', 2.2, newer()],
  ['claude-sonnet-5.5', 'Claude Sonnet 5.5', 1.3, newer({ thinkingTypes: ['adaptive', 'between_tools'] })],
  ['claude-opus-5.5', 'Claude Opus 5.5', 2, newer({ thinkingTypes: ['adaptive'], defaultEffort: 'medium' })],
  ['gpt-5.6-sol', 'GPT-5.6 Sol', 4.4, gpt],
  ['gpt-5.6-terra', 'GPT-5.6 Terra', 2.2, gpt],
  ['gpt-5.6-luna', 'GPT-5.6 Luna', 1.1, gpt],
  ['deepseek-3.2', 'DeepSeek 3.2', 0.25, { ...textOnly, windowTokens: 128_000 }],
  ['glm-5', 'GLM-5', 0.5, textOnly],
  ['minimax-m2.1', 'MiniMax M2.1', 0.15, textOnly],
  ['minimax-m2.5', 'MiniMax M2.5', 0.25, textOnly],
  ['qwen3-coder-next', 'Qwen3 Coder Next', 0.05, { ...textOnly, windowTokens: 256_000 }],
]

export const defaultModels: readonly Model[] = rows.map(([modelId, modelName, rateMultiplier, rest]) => ({
  modelId,
  modelName,
  rateMultiplier,
  ...rest,
}))

interface PageRequest {
  maxResults?: number | undefined
  nextToken?: string | undefined
}

/** Body of ListAvailableModels; `nextToken` is the index of the next model. */
export function listModels(models: readonly Model[], { maxResults, nextToken }: PageRequest) {
  const start = Number(nextToken ?? 0)
  const end = start + (maxResults ?? models.length)
  const [defaultModel] = models
  return {
    models: models.slice(start, end).map(describeModel),
    ...(defaultModel && { defaultModel: describeModel(defaultModel) }),
    ...(end < models.length && { nextToken: String(end) }),
  }
}

function describeModel(model: Model) {
  const { extraFields, promptCaching } = model
  return {
    modelId: model.modelId,
    modelName: model.modelName,
    description: `${model.modelName}, simulated`,
    rateMultiplier: model.rateMultiplier,
    rateUnit: 'Credit',
    tokenLimits: { maxInputTokens: model.windowTokens, maxOutputTokens: model.maxOutputTokens },
    supportedInputTypes: model.images ? ['TEXT', 'IMAGE'] : ['TEXT'],
    promptCaching: { supportsPromptCaching: promptCaching !== undefined, ...promptCaching },
    ...(extraFields && { additionalModelRequestFieldsSchema: extraFields }),
  }
}
