import { sql } from 'kysely'
import type { Database } from './database.ts'

/** An answer in a conversation, without what was said. */
interface Link {
  id: string
  parentId: string | null
  bytes: number
}

/** An answer and those before it, the newest first: one more than `most` at the most. */
export async function readChain(database: Database, id: string, most: number): Promise<Link[]> {
  const { rows } = await sql<Link>`
    with recursive chain (id, parent_id, bytes, place) as (
      select id, parent_id, bytes, 1 from kept_answers where id = ${id}
      union all
      select earlier.id, earlier.parent_id, earlier.bytes, chain.place + 1
      from kept_answers earlier join chain on earlier.id = chain.parent_id
      where chain.place <= ${most}
    )
    select id, parent_id as ${sql.ref('parentId')}, bytes from chain order by place`.execute(database)
  return rows
}
