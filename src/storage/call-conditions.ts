/** What a filter of calls means for the database: which index leads to them, and what is sifted from there. Pure. */
import { sql, type RawBuilder } from 'kysely'
import type { CallFilter, StatusClass } from '../calls/traffic-store.ts'
import { TRIALS } from '../calls/trials.ts'
import { unreachable } from '../conversation/unreachable.ts'

type Condition = RawBuilder<boolean>

export type Lead =
  | { kind: 'account'; account: string }
  /** By an index that has the time behind it, or by that of the time alone. `isCovering`: to count how they ended needs no row. */
  | { kind: 'condition'; condition: Condition | undefined; isCovering: boolean }
  /** As many as are looked at at most, in no order. */
  | { kind: 'id-prefix'; condition: Condition }

export interface Plan {
  lead: Lead
  sifts: Condition[]
}

/** Whatever leaves the fewest leads; an account is in no column of calls, so it leads wherever it is asked for. */
export function planSearch(filter: CallFilter): Plan {
  const [best, ...others] = leadsOf(filter)
  const lead = best?.lead ?? { kind: 'condition', condition: undefined, isCovering: false }
  const sifts = [...others.flatMap(({ sift }) => sift ?? []), ...siftsOf(filter)]
  return { lead, sifts }
}

interface PossibleLead {
  lead: Lead
  /** The same, for what another one leads to. */
  sift?: Condition
}

function leadsOf(filter: CallFilter): PossibleLead[] {
  const { account, id, idPrefix, key, failures, model, statusClass, outcome } = filter
  const leads: PossibleLead[] = []
  if (account !== undefined) leads.push({ lead: { kind: 'account', account } })
  if (id !== undefined) leads.push(equal('id', id))
  if (idPrefix !== undefined) {
    const condition = idBeginsWith(idPrefix)
    leads.push({ lead: { kind: 'id-prefix', condition }, sift: condition })
  }
  const [failure, ...moreFailures] = failures ?? []
  if (failure !== undefined && moreFailures.length === 0) leads.push(equal('failure', failure))
  if (key !== undefined) leads.push(equal('key_id', key))
  if ((failures !== undefined && failures.length !== 1) || (statusClass ?? '2xx') !== '2xx') {
    leads.push(led(sql<boolean>`failure is not null`))
  }
  if (model !== undefined) leads.push(equal('model', model))
  if (outcome !== undefined) leads.push(equal('outcome', outcome, true))
  return leads
}

function siftsOf(filter: CallFilter): Condition[] {
  const { statusClass, failures, dialect, client, minimumMs, stream, hasTools, hasImages } = filter
  return [
    statusClass !== undefined && ofClass(statusClass),
    failures !== undefined && failures.length !== 1 && oneOf('failure', failures),
    dialect !== undefined && sql<boolean>`dialect = ${dialect}`,
    client !== undefined && sql<boolean>`(client = ${client} or ${startsWith('client', `${client} `)})`,
    minimumMs !== undefined && sql<boolean>`total_ms >= ${minimumMs}`,
    stream !== undefined && sql<boolean>`stream = ${Number(stream)}`,
    hasTools !== undefined && sql<boolean>`has_tools = ${Number(hasTools)}`,
    hasImages !== undefined && sql<boolean>`has_images = ${Number(hasImages)}`,
    filter.withoutTrials === true && sql<boolean>`(key_id is null or key_id <> ${TRIALS})`,
  ].filter((each) => each !== false)
}

function led(condition: Condition, isCovering = false): PossibleLead {
  return { lead: { kind: 'condition', condition, isCovering }, sift: condition }
}

function equal(column: 'failure' | 'id' | 'key_id' | 'model' | 'outcome', value: string, isCovering = false) {
  return led(sql<boolean>`${sql.ref(column)} = ${value}`, isCovering)
}

function oneOf(column: 'failure', values: readonly string[]): Condition {
  // Nothing is in an empty list, which not every database can be told.
  return values.length === 0 ? sql<boolean>`1 = 0` : sql<boolean>`${sql.ref(column)} in (${sql.join(values)})`
}

/** Not by a pattern: what somebody types needs no escapes then. */
function startsWith(column: 'client' | 'id', prefix: string): Condition {
  return sql<boolean>`substr(${sql.ref(column)}, 1, ${prefix.length}) = ${prefix}`
}

/** The last letter in whatever order a database has; ids are no longer. */
const BEHIND_ALL = 'z'.repeat(64)

/** Within what an index has between two texts. */
function idBeginsWith(prefix: string): Condition {
  return sql<boolean>`(id >= ${prefix} and id <= ${prefix + BEHIND_ALL} and ${startsWith('id', prefix)})`
}

function ofClass(statusClass: StatusClass): Condition {
  switch (statusClass) {
    case '2xx':
      return sql<boolean>`status < 400`
    case '4xx':
      return sql<boolean>`(status >= 400 and status < 500)`
    case '5xx':
      return sql<boolean>`status >= 500`
    default:
      return unreachable(statusClass)
  }
}
