/** What the page shows of the gateway: the templates for a model, and the names of its keys. */
import { ask } from '../../api/client.ts'
import type { KeyList, SetupList } from '../../api/types.ts'
import { createResource } from '../../state/resource.ts'
import { route } from '../../state/route.ts'
import { usualModel } from './choice.ts'
import { isUsable } from './known-key.ts'

/** Of the address, where somebody may have put anything: the gateway takes names of these letters. */
export function modelWanted(): string {
  const wanted = route.value.query.get('model') ?? ''
  return /^[\w.:/@+=~-]{1,500}$/.test(wanted) ? wanted : usualModel
}

export const setups = createResource((signal) =>
  ask<SetupList>(`/v2/setups?model=${encodeURIComponent(modelWanted())}`, { signal }),
)

export const keyList = createResource((signal) => ask<KeyList>('/v2/keys', { signal }))

/** Without any key the gateway asks for none. */
export function needsKey(): boolean {
  const list = keyList.state.value.value
  return list === undefined || list.environment.length > 0 || list.keys.some(isUsable)
}
