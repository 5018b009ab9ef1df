/** From the bytes of a body to a value that is safe to walk and to copy. */
import { isUtf8 } from 'node:buffer'
import { GatewayError } from '../conversation/failures.ts'
import { findJsonExcess, type JsonExcess } from '../conversation/json-shape.ts'
import { unreachable } from '../conversation/unreachable.ts'

const BYTE_ORDER_MARK = '\uFEFF'

/** Throws `invalid-request` for what is not UTF-8, not JSON, or beyond the limits of its shape. */
export function readJson(bytes: Buffer): unknown {
  if (bytes.length === 0) throw refuse('The request has no body; send JSON.')
  if (!isUtf8(bytes)) throw refuse('The body is not valid UTF-8.')
  const decoded = bytes.toString('utf8')
  const text = decoded.startsWith(BYTE_ORDER_MARK) ? decoded.slice(1) : decoded
  const excess = findJsonExcess(text)
  if (excess !== undefined) throw refuseExcess(excess)
  const value = parse(text)
  if (PROTOTYPE_KEY.test(text)) dropPrototypeKeys(value)
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw refuse('The body is not valid JSON.', cause)
  }
}

function refuseExcess(excess: JsonExcess): GatewayError {
  switch (excess.kind) {
    case 'too-deep': {
      const text = `The body is nested more than ${excess.maxDepth} levels deep.`
      return new GatewayError('invalid-request', text, { code: 'json_too_deep' })
    }
    case 'too-large': {
      const text = `The body holds more than ${excess.maxNodes} values.`
      return new GatewayError('invalid-request', text, { code: 'json_too_large' })
    }
    default:
      return unreachable(excess)
  }
}

function refuse(message: string, cause?: unknown): GatewayError {
  return new GatewayError('invalid-request', message, { code: 'invalid_json', cause })
}

/** The key itself, or printable letters written as escapes, which next to nobody sends. One pass: half as long as two. */
const PROTOTYPE_KEY = /__proto__|\\u00[567]/

/** An own `__proto__` does no harm as it lies there, but whoever assigns it key by key to another object replaces that one's prototype. */
function dropPrototypeKeys(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__')
  for (const member of Object.values(value)) dropPrototypeKeys(member)
}
