/** The clients' keys as the gateway lists them. Other pages offer them for choice, so this comes with what all share. */
import { signal } from '@preact/signals'
import { ask } from '../../api/client.ts'
import type { Key, KeyList } from '../../api/types.ts'
import { createResource } from '../../state/resource.ts'

/** Those that the environment names: nobody can change them here. */
export const environmentKeys = signal<KeyList['environment']>([])

export const keys = createResource<readonly Key[]>(async (stop) => {
  const { keys: list, environment } = await ask<KeyList>('/v2/keys', { signal: stop })
  environmentKeys.value = environment
  return list
})
