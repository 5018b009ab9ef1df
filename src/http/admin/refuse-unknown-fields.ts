import { GatewayError } from '../../conversation/failures.ts'

/** A field that cannot be set is a mistake of the caller's, who should not believe that it was. `thing`: like `an account`. */
export function refuseUnknownFields(
  body: unknown,
  { shape, thing }: { shape: Readonly<Record<string, unknown>>; thing: string },
): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return
  const unknown = Object.keys(body).filter((name) => !Object.hasOwn(shape, name))
  const [first] = unknown
  if (first === undefined) return
  throw new GatewayError('invalid-request', `${unknown.join(', ')}: cannot be set on ${thing}`, {
    field: first,
    code: 'unknown_parameter',
  })
}
