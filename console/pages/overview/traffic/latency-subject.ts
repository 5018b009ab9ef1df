/** Whose times the second chart shows: in the address, so that a link shows the same. */
import { computed } from '@preact/signals'
import { changeQuery, route } from '../../../state/route.ts'
import { apiNames } from '../../requests/api-names.ts'

const subjectKinds = ['model', 'dialect', 'account'] as const
export interface LatencySubject {
  kind: (typeof subjectKinds)[number]
  name: string
}

/** A longer list is not to be chosen from. */
const MOST_ACCOUNTS = 200
/** Names that the gateway had no room for. */
const OTHERS = '*'
/** The gateway takes no longer ones. */
const MOST_CHARACTERS = 200

/** Undefined: all requests. */
export function readSubject(text: string | null): LatencySubject | undefined {
  const [, word, name] = /^([a-z]+):(.+)$/s.exec((text ?? '').trim()) ?? []
  const kind = subjectKinds.find((each) => each === word)
  if (kind === undefined || name === undefined || name.length > MOST_CHARACTERS || /\p{Cc}/u.test(name)) {
    return undefined
  }
  return { kind, name }
}

export function writeSubject({ kind, name }: LatencySubject): string {
  return `${kind}:${name}`
}

/** The models that lead, each API, and each account, as long as there are not too many to choose from. */
export function listSubjects(models: readonly string[], accountIds: readonly string[]): LatencySubject[] {
  const ids = isTooMany(accountIds) ? [] : accountIds
  return [
    ...models.flatMap((name) => (name === OTHERS ? [] : [{ kind: 'model' as const, name }])),
    ...apiNames.map((name) => ({ kind: 'dialect' as const, name })),
    ...ids.map((name) => ({ kind: 'account' as const, name })),
  ]
}

export function isTooMany(accountIds: readonly unknown[]): boolean {
  return accountIds.length > MOST_ACCOUNTS
}

/** As the address has it; empty: all requests. */
export const chosenSubject = computed(() => {
  const subject = readSubject(route.value.query.get('of'))
  return subject === undefined ? '' : writeSubject(subject)
})

export function chooseSubject(text: string): void {
  changeQuery({ of: text })
}
