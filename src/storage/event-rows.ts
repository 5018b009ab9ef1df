import { parseJsonObject } from '../conversation/parse-json.ts'
import type { EventEntry } from '../events/event.ts'
import type { EventsTable } from './tables.ts'

export function toEventRow(entry: EventEntry): EventsTable {
  const { id, at, kind, actor, subject, before, after, reason, previousHash, hash } = entry
  return {
    id,
    at,
    kind,
    actor_kind: actor.kind,
    actor_via: actor.via ?? null,
    actor_name: actor.name ?? null,
    actor_address: actor.address ?? null,
    subject_kind: subject?.kind ?? null,
    subject_id: subject?.id ?? null,
    subject_name: subject?.name ?? null,
    before: before === undefined ? null : JSON.stringify(before),
    after: after === undefined ? null : JSON.stringify(after),
    reason: reason ?? null,
    previous_hash: previousHash,
    hash,
  }
}

/** What somebody has made unreadable is left out; its hash then shows that it was changed. */
export function toEventEntry(row: EventsTable): EventEntry {
  const { actor_via: via, actor_name: name, actor_address: address } = row
  const { subject_kind: subjectKind, subject_id: subjectId, subject_name: subjectName } = row
  const before = row.before === null ? undefined : parseJsonObject(row.before)
  const after = row.after === null ? undefined : parseJsonObject(row.after)
  return {
    id: row.id,
    at: row.at,
    kind: row.kind,
    actor: {
      kind: row.actor_kind,
      ...(via !== null && { via }),
      ...(name !== null && { name }),
      ...(address !== null && { address }),
    },
    ...(subjectKind !== null && {
      subject: {
        kind: subjectKind,
        id: subjectId ?? '',
        ...(subjectName !== null && { name: subjectName }),
      },
    }),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(row.reason !== null && { reason: row.reason }),
    previousHash: row.previous_hash,
    hash: row.hash,
  }
}
