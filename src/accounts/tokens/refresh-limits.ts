/** How tokens are renewed ahead of need. Read at each use: it may change while the gateway runs. */
export interface RefreshLimits {
  /** So long before its end a token is renewed. */
  readonly aheadMs: number
  /** The time between two looks is longer by a random part of this. */
  readonly jitterMs: number
  /** Renewals at once that no request waits for. */
  readonly mostAtOnce: number
}

export const usualRefreshLimits: RefreshLimits = { aheadMs: 10 * 60_000, jitterMs: 30_000, mostAtOnce: 4 }
