import type { Leases } from '../background/leases.ts'

/** What a gateway does in the background, by the names of its leases. */
const DUTIES: ReadonlySet<string> = new Set([
  'call-pruning',
  'kept-answer-pruning',
  'capture-pruning',
  'quota-readings',
  'refresh-sweep',
  'reseal',
])

/**
 * Leases for a process that goes soon: it takes over no duty, which would wait for it after its end, and which it might
 * do by other settings than the gateway's. Whatever belongs to its own work it takes as anybody does.
 */
export function leaveDuties(leases: Leases): Leases {
  return {
    take: async (name, lease) => !DUTIES.has(name) && leases.take(name, lease),
    release: (name, owner) => leases.release(name, owner),
  }
}
