/** Whose request it was, and who answered it: by their names, as long as they have some. */
import { computed } from '@preact/signals'
import { ask } from '../../api/client.ts'
import type { KeyList } from '../../api/types.ts'
import { whenNews } from '../../state/live.ts'
import { createResource } from '../../state/resource.ts'
import { accounts, followAccounts } from '../accounts/accounts-store.ts'

/** Where the id of a key would stand in what operators tried out. */
export const TRIALS = 'operator'

const keyList = createResource((signal) => ask<KeyList>('/v2/keys', { signal }))

/** `known`: by its name. `gone`: it is not there any more. `unknown`: nobody can tell yet. */
export type Named = { kind: 'known'; name: string } | { kind: 'gone' } | { kind: 'unknown' }

const accountNames = computed(() => {
  const { value } = accounts.state.value
  return value && new Map(value.map(({ id, label }) => [id, label]))
})

const keyNames = computed(() => {
  const { value } = keyList.state.value
  return (
    value &&
    new Map([
      ...value.keys.map(({ id, name }) => [id, name] as const),
      ...value.environment.map(({ id }) => [id, id] as const),
    ])
  )
})

export const namedKeys = computed(() => [...(keyNames.value ?? [])].map(([id, name]) => ({ id, name })))

export function nameAccount(id: string): Named {
  return named(id, accountNames.value)
}

export function nameKey(id: string): Named {
  return named(id, keyNames.value)
}

function named(id: string, names: ReadonlyMap<string, string | null> | undefined): Named {
  if (names === undefined) return { kind: 'unknown' }
  if (!names.has(id)) return { kind: 'gone' }
  const name = names.get(id)
  return { kind: 'known', name: name === undefined || name === null || name === '' ? id : name }
}

/** For as long as a page shows them. Answers how to stop. */
export function followNames(): () => void {
  const stopAccounts = followAccounts()
  const stopKeys = whenNews(['keys'], () => void keyList.load())
  return () => {
    stopAccounts()
    stopKeys()
  }
}
