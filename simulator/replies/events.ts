/** Groups of events that answers are made of. */
import { event, type Step } from './steps.ts'

/** One `assistantResponseEvent`. */
export function text(content: string, modelId?: string): Step {
  return event('assistantResponseEvent', { content, ...(modelId !== undefined && { modelId }) })
}

export function reasoning(content: string): Step {
  return event('reasoningContentEvent', { text: content })
}

export function signature(value: string): Step {
  return event('reasoningContentEvent', { signature: value })
}

/** A whole tool use: its start, one event for each fragment of the input's JSON text, and its end. */
export function toolUse(toolUseId: string, name: string, fragments: string[]): Step[] {
  return [
    event('toolUseEvent', { toolUseId, name }),
    ...fragments.map((input) => event('toolUseEvent', { toolUseId, name, input })),
    event('toolUseEvent', { toolUseId, name, stop: true }),
  ]
}

export function metadata(tokens: {
  input: number
  output: number
  cacheRead?: number
  cacheWrite?: number
}): Step {
  const { input, output, cacheRead = 0, cacheWrite = 0 } = tokens
  return event('metadataEvent', {
    tokenUsage: {
      uncachedInputTokens: input,
      cacheReadInputTokens: cacheRead,
      cacheWriteInputTokens: cacheWrite,
      outputTokens: output,
      totalTokens: input + cacheRead + cacheWrite + output,
    },
  })
}

/** What older channels end with. */
export function trailer(contextUsagePercentage = 1.9, credits = 0.03): Step[] {
  return [
    event('contextUsageEvent', { contextUsagePercentage }),
    event('meteringEvent', { usage: credits, unit: 'credit', unitPlural: 'credits' }),
  ]
}
