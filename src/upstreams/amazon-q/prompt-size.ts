/** How much a request asks the model to read. */
export interface PromptSize {
  /** Estimated. */
  tokens: number
  /** Of the model. */
  contextWindowTokens: number
}
