/** The JSON payload of one event. */

import type * as z from 'zod'
import { GatewayError } from '../../conversation/failures.ts'

/** Passes over what is not of the shape. Throws `interrupted` at what is no JSON. */
export function readPayload<T>(payload: Buffer, schema: z.ZodType<T>, use: (event: T) => void): void {
  const event = schema.safeParse(parsePayload(payload))
  if (event.success) use(event.data)
}

export function parsePayload(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString())
  } catch (error) {
    throw unreadable(error)
  }
}

export function parseObject(payload: Buffer): object {
  const event = parsePayload(payload)
  if (typeof event !== 'object' || event === null) throw unreadable(undefined)
  return event
}

/**
 * A text member of an event; empty when it is absent. Written by hand as it runs for every delta: measured, this takes
 * 20 ns where a schema takes 150, a fifth of what reading the JSON does.
 */
export function textMember(event: object, member: string): string {
  const text: unknown = Reflect.get(event, member)
  if (text === undefined || text === null) return ''
  if (typeof text !== 'string') throw unreadable(undefined)
  return text
}

export function unreadable(cause: unknown): GatewayError {
  return new GatewayError(
    'interrupted',
    "A part of Amazon Q's answer cannot be read. Send the request again.",
    { cause },
  )
}
