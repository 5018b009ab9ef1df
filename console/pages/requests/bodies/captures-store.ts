/** Whether what is said is recorded, and how much of it is kept: asked for when it is shown, and again with news of it. */
import { ask } from '../../../api/client.ts'
import type { Captures, CaptureScope, CaptureWishes } from '../../../api/types.ts'
import { whenNews } from '../../../state/live.ts'
import { createResource } from '../../../state/resource.ts'

const PATH = '/v2/captures'

export const captures = createResource<Captures>((signal) => ask<Captures>(PATH, { signal }))

/** Unless that is under way already. */
export function loadCaptures(): void {
  if (!captures.state.peek().isLoading) void captures.load()
}

/** For as long as something shows it. Switching is an event, and so is a look. Answers how to stop. */
export function followCaptures(): () => void {
  let isFirst = true
  return whenNews(['events'], () => {
    if (isFirst) loadCaptures()
    else void captures.load()
    isFirst = false
  })
}

export async function startCapture(scope: CaptureScope, wishes: CaptureWishes): Promise<void> {
  captures.set(await ask<Captures>(`${PATH}/rules/${scope}`, { method: 'PUT', body: wishes }))
}

export async function stopCapture(scope: CaptureScope): Promise<void> {
  captures.set(await ask<Captures>(`${PATH}/rules/${scope}`, { method: 'DELETE' }))
}

export async function purgeCaptures(): Promise<void> {
  await ask(PATH, { method: 'DELETE' })
  await captures.load()
}
