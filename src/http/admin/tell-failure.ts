/** How each client API tells a failure: by what writes its errors. */
import type { KeptCall } from '../../calls/kept-call.ts'
import { failureKinds } from '../../conversation/failures.ts'
import type { Dialect } from '../../dialects/dialect.ts'

const NOT_KEPT = '(The words of the message are not kept.)'

interface ToldFailure {
  dialect: string
  status: number
  /** JSON */
  body: string
}

/** Of a call that did not fail, nothing. APIs that share a name share their errors. */
export function tellFailure(
  { id, failure }: Pick<KeptCall, 'id' | 'failure'>,
  dialects: readonly Dialect[],
): ToldFailure[] {
  const kind = failureKinds.find((each) => each === failure)
  if (kind === undefined) return []
  const byName = new Map(dialects.map((dialect) => [dialect.name, dialect]))
  return Array.from(byName.values(), (dialect) => {
    const { status, body } = dialect.writeError({ kind, message: NOT_KEPT }, id)
    return { dialect: dialect.name, status, body: JSON.stringify(body, null, 2) }
  })
}
