/** The calls that are kept, for the operator who looks for one. */
import * as z from 'zod'
import { GatewayError, failureKinds } from '../conversation/failures.ts'
import { createCursors } from '../events/cursor.ts'
import type { DetailedCall, KeptCall } from './kept-call.ts'
import type { CallFilter, CallStore } from './traffic-store.ts'

export interface CallPage {
  calls: KeptCall[]
  /** Undefined: there are no more. */
  nextCursor: string | undefined
}

export interface CallLog {
  /** Newest first. Throws `invalid-request` for a cursor that is not from here. */
  list(filter: CallFilter, slice: { limit: number; cursor?: string }): Promise<CallPage>
  /** Throws `not-found`. */
  get(id: string): Promise<DetailedCall>
}

/** `req_` and the millisecond that an id begins with: less of it fits all requests of minutes, or of hours. */
const LEAST_OF_ID = 12

/** What somebody looks for by a text: a part of a failure's name, else the beginning of an id. Throws `invalid-request`. */
export function readSearch(text: string): Pick<CallFilter, 'failures' | 'idPrefix'> {
  const failures = failureKinds.filter((kind) => kind.includes(text.toLowerCase()))
  if (failures.length > 0) return { failures }
  if (text.length >= LEAST_OF_ID) return { idPrefix: text }
  throw new GatewayError(
    'invalid-request',
    `search: no failure is called so, and of an id at least ${LEAST_OF_ID} characters are needed`,
    { field: 'search', code: 'invalid_value' },
  )
}

const position = z.tuple([z.int(), z.string()])

/** `cursorKey`: 32 bytes, for cursors alone. */
export function createCallLog(store: Pick<CallStore, 'find' | 'get'>, cursorKey: Buffer): CallLog {
  const places = createCursors(position, { key: cursorKey, purpose: 'calls' })
  return {
    async list(filter, { limit, cursor }) {
      const before = cursor === undefined ? undefined : (places.read(cursor) ?? refuseCursor())
      const { calls, next } = await store.find(filter, { limit, ...(before && { before }) })
      return { calls, nextCursor: next && places.write(next) }
    },
    async get(id) {
      const call = await store.get(id)
      if (call !== undefined) return call
      throw new GatewayError(
        'not-found',
        'No call with this id is kept: it was never made, is too old, or has not ended.',
      )
    },
  }
}

function refuseCursor(): never {
  throw new GatewayError('invalid-request', 'cursor: is not one that was given out; begin without one', {
    field: 'cursor',
    code: 'invalid_value',
  })
}
