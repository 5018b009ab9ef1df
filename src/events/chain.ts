/**
 * Binds each entry to the one before by a keyed hash: who has only the database can neither change an entry, nor take one
 * away from the middle, nor add one, without it being seen.
 */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import type { JsonObject } from '../conversation/conversation.ts'
import { canonicalJson } from './canonical-json.ts'
import type { EventEntry, Happening, Link } from './event.ts'

/** What the first entry follows. */
export const BEGINNING: Link = { id: 0, hash: '0'.repeat(64) }
/** Where the end of the chain was lost: no entry has this hash, so the break stays visible for good. */
export const LOST_HASH = 'f'.repeat(64)

/** The last entry, signed: without it, nobody would miss entries that were cut off at the end. */
export interface Head extends Link {
  signature: string
}

export interface Chain {
  link(happening: Happening, at: Date, previous: Link): EventEntry
  /** Whether it is as it was written. */
  isAuthentic(entry: EventEntry): boolean
  signHead(link: Link): Head
  isHead(head: Head): boolean
}

/** `key`: 32 bytes, for this alone. */
export function createChain(key: Buffer): Chain {
  const secretKey = createSecretKey(key)
  const digest = (purpose: 'entry' | 'head', content: JsonObject) =>
    createHmac('sha256', secretKey)
      .update(`${purpose} ${canonicalJson(content)}`)
      .digest('hex')
  const signatureOf = ({ id, hash }: Link) => digest('head', { id, hash })

  return {
    link(happening, at, previous) {
      const rest = { id: previous.id + 1, at: at.toISOString(), previousHash: previous.hash }
      const unhashed = { ...plainly(happening), ...rest }
      return { ...unhashed, hash: digest('entry', contentOf(unhashed)) }
    },
    isAuthentic: (entry) => isSame(entry.hash, digest('entry', contentOf(entry))),
    signHead: ({ id, hash }) => ({ id, hash, signature: signatureOf({ id, hash }) }),
    isHead: (head) => isSame(head.signature, signatureOf(head)),
  }
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Everything but the hash; what is absent is null. */
function contentOf({ id, at, previousHash, ...happening }: Omit<EventEntry, 'hash'>): JsonObject {
  const { kind, actor, subject, before, after, reason } = happening
  return {
    id,
    at,
    kind,
    actor: [actor.kind, actor.via ?? null, actor.name ?? null, actor.address ?? null],
    subject: subject === undefined ? null : [subject.kind, subject.id, subject.name ?? null],
    before: before ?? null,
    after: after ?? null,
    reason: reason ?? null,
    previousHash,
  }
}

const LONGEST_TEXT = 1000

/** As every database gives it back: no halves of characters, nothing that a terminal or PostgreSQL would stumble over. */
function plainly({ kind, actor, subject, before, after, reason }: Happening): Happening {
  const { via, name, address } = actor
  return {
    kind,
    actor: {
      kind: actor.kind,
      ...(via !== undefined && { via: plain(via) }),
      ...(name !== undefined && { name: plain(name) }),
      ...(address !== undefined && { address: plain(address) }),
    },
    ...(subject !== undefined && {
      subject: {
        kind: subject.kind,
        id: plain(subject.id),
        ...(subject.name !== undefined && { name: plain(subject.name) }),
      },
    }),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(reason !== undefined && { reason: plain(reason) }),
  }
}

function plain(text: string): string {
  return text
    .slice(0, LONGEST_TEXT)
    .replace(/\p{Cc}/gu, ' ')
    .toWellFormed()
}
