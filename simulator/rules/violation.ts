/** One breach of the protocol by a request. */
export interface Violation {
  /** `S5` and the like for the structure rules of the protocol notes, else a word such as `tool-name`. */
  rule: string
  /** Where in the body, e.g. `conversationState.history.2`. */
  path: string
  message: string
  /** `refused` ends the request with a ValidationException; `warning` is only noted. */
  severity: 'refused' | 'warning'
  /** The modelled reason of the refusal; null where the service gives none. */
  reason: string | null
  /** The service's own words, where they are known. */
  says?: string
}

interface Finding {
  rule: string
  path: string
  message: string
  reason?: string | null
  says?: string
}

/** A breach that the service refuses; `REQUEST_BODY_INVALID` unless another reason is given. */
export function refused({ reason = 'REQUEST_BODY_INVALID', ...finding }: Finding): Violation {
  return { ...finding, reason, severity: 'refused' }
}

/** A breach that models suffer from but the service accepts. */
export function warning({ reason = 'REQUEST_BODY_INVALID', ...finding }: Finding): Violation {
  return { ...finding, reason, severity: 'warning' }
}
