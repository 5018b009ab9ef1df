/** What a client key may do. What is absent is not limited. */
export interface KeyGrant {
  /** Of a key of OPENAI_KEYS: `env-1` and so on, by its place there. */
  id: string
  name: string
  /** Ids of models. */
  models?: readonly string[]
  /** Only accounts that have one of these. */
  accountTags?: readonly string[]
  limits: KeyLimits
}

export interface KeyLimits {
  requestsPerMinute?: number
  concurrentRequests?: number
  tokensPerDay?: number
  tokensPerMonth?: number
  creditsPerDay?: number
  creditsPerMonth?: number
}
