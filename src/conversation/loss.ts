/** What of a conversation did not reach the model as the client said it; told in a header of the answer. */
export interface Loss {
  kind: LossKind
  /** Which part of it, such as the keyword of a tool's schema. Letters, digits and `$._-` only. */
  detail?: string
}

export type LossKind =
  | 'thinking'
  | 'effort'
  | 'cache-marks'
  /** Thinking of earlier turns that the model in use could not have checked. */
  | 'earlier-thinking'
  /** Images or documents of earlier turns, for a model that reads none. */
  | 'earlier-media'
  /** Keywords of tools' input schemas. */
  | 'tool-schema'
  /** A tool that the gateway would have to run, and nobody there to ask. */
  | 'web-search'
