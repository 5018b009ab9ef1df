/** The simulated model list: figures as publicly reported, not an authority. */

export interface Model {
  modelId: string
  modelName: string
  windowTokens: number
  maxOutputTokens: number
  rateMultiplier: number
  images: boolean
  documents: boolean
  promptCaching: boolean
}

const older = {
  windowTokens: 200_000,
  maxOutputTokens: 64_000,
  images: true,
  documents: false,
  promptCaching: true,
}
const newer = {
  windowTokens: 1_000_000,
  maxOutputTokens: 128_000,
  images: true,
  documents: true,
  promptCaching: true,
}
const textOnly = { maxOutputTokens: 64_000, images: false, documents: false, promptCaching: false }

export const defaultModels: readonly Model[] = [
  { modelId: 'claude-sonnet-4.5', modelName: 'Claude Sonnet 4.5', rateMultiplier: 1.3, ...older },
  { modelId: 'claude-sonnet-4', modelName: 'Claude Sonnet 4', rateMultiplier: 1.3, ...older },
  { modelId: 'claude-haiku-4.5', modelName: 'Claude Haiku 4.5', rateMultiplier: 0.4, ...older },
  { modelId: 'claude-opus-4.5', modelName: 'Claude Opus 4.5', rateMultiplier: 2.2, ...older },
  { modelId: 'claude-sonnet-4.6', modelName: 'Claude Sonnet 4.6', rateMultiplier: 1.3, ...newer },
  { modelId: 'claude-opus-4.6', modelName: 'Claude Opus 4.6', rateMultiplier: 2.2, ...newer },
  { modelId: 'claude-opus-4.7', modelName: 'Claude Opus 4.7', rateMultiplier: 2.2, ...newer },
  { modelId: 'claude-opus-4.8', modelName: 'Claude Opus 4.8', rateMultiplier: 2.2, ...newer },
  { modelId: 'claude-sonnet-5', modelName: 'Claude Sonnet 5', rateMultiplier: 1.3, ...newer },
  { modelId: 'claude-opus-5', modelName: 'Claude Opus 5', rateMultiplier: 2.2, ...newer },
  { modelId: 'claude-sonnet-5.5', modelName: 'Claude Sonnet 5.5', rateMultiplier: 1.3, ...newer },
  { modelId: 'claude-opus-5.5', modelName: 'Claude Opus 5.5', rateMultiplier: 2, ...newer },
  {
    modelId: 'deepseek-3.2',
    modelName: 'DeepSeek 3.2',
    rateMultiplier: 0.25,
    windowTokens: 128_000,
    ...textOnly,
  },
  {
    modelId: 'qwen3-coder-next',
    modelName: 'Qwen3 Coder Next',
    rateMultiplier: 0.05,
    windowTokens: 256_000,
    ...textOnly,
  },
]

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
  return {
    modelId: model.modelId,
    modelName: model.modelName,
    description: `${model.modelName}, simulated`,
    rateMultiplier: model.rateMultiplier,
    rateUnit: 'Credit',
    tokenLimits: { maxInputTokens: model.windowTokens, maxOutputTokens: model.maxOutputTokens },
    supportedInputTypes: model.images ? ['TEXT', 'IMAGE'] : ['TEXT'],
    promptCaching: { supportsPromptCaching: model.promptCaching },
  }
}
