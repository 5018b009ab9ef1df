/** A request of a client that was captured, to be looked at and sent again. */
import { ask } from '../../../api/client.ts'
import { Problem } from '../../../api/problem.ts'
import type { Json } from '../json.ts'
import { readCapture, type Replay } from './read-capture.ts'

/** Throws a Problem for what is neither there nor missing. */
export async function readReplay(id: string, signal: AbortSignal): Promise<Replay> {
  try {
    return readCapture(await ask<Json>(`/v2/calls/${encodeURIComponent(id)}/bodies`, { signal }))
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return { kind: 'missing' }
    throw error
  }
}
