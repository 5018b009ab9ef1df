/** JSON of unknown shape, looked into without trusting it. Pure. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json | undefined
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Undefined: it is no JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}

/** What lies so deep within, or undefined. */
export function memberOf(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let found = value
  for (const step of path) {
    if (typeof step === 'number') found = Array.isArray(found) ? found[step] : undefined
    else found = isObject(found) && Object.hasOwn(found, step) ? found[step] : undefined
  }
  return found
}

export function textAt(value: Json | undefined, ...path: readonly (string | number)[]): string | undefined {
  const found = memberOf(value, ...path)
  return typeof found === 'string' ? found : undefined
}

export function numberAt(value: Json | undefined, ...path: readonly (string | number)[]): number | undefined {
  const found = memberOf(value, ...path)
  return typeof found === 'number' ? found : undefined
}

export function listAt(value: Json | undefined, ...path: readonly (string | number)[]): readonly Json[] {
  const found = memberOf(value, ...path)
  return isList(found) ? found : []
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}
