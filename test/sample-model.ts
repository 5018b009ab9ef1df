import type { ModelInfo } from '../src/upstreams/upstream.ts'

/** A model for tests. */
export const sampleModel: ModelInfo = {
  id: 'claude-sonnet-4.5',
  displayName: 'Claude Sonnet 4.5',
  contextWindowTokens: 200_000,
  takesImages: true,
  takesDocuments: false,
  thinking: 'tags',
  cacheMarks: 4,
}
