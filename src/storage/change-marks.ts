import type { Database } from './database.ts'

const revisionOf = { accounts: 'accounts', keys: 'client-keys', 'sign-ins': 'sign-ins' } as const

/** A number for each thing that people watch. It is another one once something has changed, whichever process did it. */
export interface ChangeMarks {
  accounts: number
  keys: number
  'sign-ins': number
  events: number
}

/** Two small queries, however much there is. */
export async function readChangeMarks(database: Pick<Database, 'selectFrom'>): Promise<ChangeMarks> {
  const revisions = await database
    .selectFrom('revisions')
    .select(['name', 'value'])
    .where('name', 'in', Object.values(revisionOf))
    .execute()
  const lastEvent = await database
    .selectFrom('events')
    .select('id')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const valueOf = (wanted: string) => revisions.find(({ name }) => name === wanted)?.value ?? 0
  return {
    accounts: valueOf(revisionOf.accounts),
    keys: valueOf(revisionOf.keys),
    'sign-ins': valueOf(revisionOf['sign-ins']),
    events: lastEvent?.id ?? 0,
  }
}
