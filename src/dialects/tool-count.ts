import { GatewayError } from '../conversation/failures.ts'

/** Far more than any client offers, and few enough for their schemas to be rewritten in no time. */
const MOST_TOOLS = 1024

/** Throws `invalid-request` when a request offers the model more tools than are taken. */
export function refuseTooManyTools({ length }: readonly unknown[], field = 'tools'): void {
  if (length <= MOST_TOOLS) return
  const text = `${field}: At most ${MOST_TOOLS} tools are taken, and these are ${length}; leave some out`
  throw new GatewayError('invalid-request', text, { field, code: 'array_above_max_length' })
}
