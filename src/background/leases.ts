/** Work that one process at a time does, of those that share a database. */
export interface Leases {
  /** Takes or prolongs it. False: another process holds it. */
  take(name: string, lease: { owner: string; durationMs: number }): Promise<boolean>
  /** Nothing when another process holds it. */
  release(name: string, owner: string): Promise<void>
}
