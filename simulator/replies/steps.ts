/** An answer as a list of steps: frames, bytes that are no frames, waiting, and breaking off. */
import { z } from 'zod'
import { encodeError, encodeEvent, encodeException } from '../event-stream.ts'
import { unreachable } from '../unreachable.ts'

export const stepSchema = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('event'), eventType: z.string(), payload: z.unknown() }),
  z.strictObject({ step: z.literal('exception'), exceptionType: z.string(), payload: z.unknown() }),
  z.strictObject({ step: z.literal('error'), code: z.string(), message: z.string() }),
  /** Any bytes, as base64. */
  z.strictObject({ step: z.literal('bytes'), base64: z.string() }),
  z.strictObject({ step: z.literal('delay'), milliseconds: z.number() }),
  /** Nothing more, until the client leaves. */
  z.strictObject({ step: z.literal('stall') }),
  /** The connection breaks: with a TCP reset, or as if the other side had just gone. */
  z.strictObject({ step: z.literal('cut'), reset: z.boolean() }),
])

export type Step = z.infer<typeof stepSchema>

export function event(eventType: string, payload: unknown): Step {
  return { step: 'event', eventType, payload }
}

export function exception(exceptionType: string, payload: unknown): Step {
  return { step: 'exception', exceptionType, payload }
}

export function error(code: string, message: string): Step {
  return { step: 'error', code, message }
}

export function bytes(value: Uint8Array): Step {
  return { step: 'bytes', base64: Buffer.from(value).toString('base64') }
}

export function delay(milliseconds: number): Step {
  return { step: 'delay', milliseconds }
}

export function stall(): Step {
  return { step: 'stall' }
}

export function cut({ reset = false } = {}): Step {
  return { step: 'cut', reset }
}

/** The bytes of a step, or undefined for one that writes nothing. */
export function encodeStep(step: Step): Buffer | undefined {
  switch (step.step) {
    case 'event':
      return encodeEvent(step.eventType, step.payload)
    case 'exception':
      return encodeException(step.exceptionType, step.payload)
    case 'error':
      return encodeError(step.code, step.message)
    case 'bytes':
      return Buffer.from(step.base64, 'base64')
    case 'delay':
    case 'stall':
    case 'cut':
      return undefined
    default:
      return unreachable(step)
  }
}
