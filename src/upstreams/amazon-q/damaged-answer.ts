import { GatewayError } from '../../conversation/failures.ts'

/** The bytes of an answer cannot be trusted any more. `reason` is a sentence without its full stop. */
export function damagedAnswer(reason: string): GatewayError {
  return new GatewayError(
    'interrupted',
    `Amazon Q's answer arrived damaged: ${reason}. Send the request again.`,
  )
}
