import { ask } from '../../../api/client.ts'
import type { OperatorSession, OperatorSessionList } from '../../../api/types.ts'
import { createResource } from '../../../state/resource.ts'

/** Who is signed in by the password. */
export const sessions = createResource<readonly OperatorSession[]>(
  async (stop) => (await ask<OperatorSessionList>('/v2/operator-sessions', { signal: stop })).sessions,
)

/** Throws a Problem. */
export async function endSession(id: string): Promise<void> {
  await ask(`/v2/operator-sessions/${encodeURIComponent(id)}`, { method: 'DELETE' })
  await sessions.load()
}
