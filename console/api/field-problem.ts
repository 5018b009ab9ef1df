/** Which field of a form a refusal is about. Pure. */
import { Problem } from './problem.ts'

/** What the gateway has against the field, or against something within it; undefined: nothing. */
export function fieldProblem(error: unknown, field: string): string | undefined {
  if (!(error instanceof Problem) || !isWithin(error.field, field)) return undefined
  const named = `${error.field}: `
  return error.message.startsWith(named) ? error.message.slice(named.length) : error.message
}

/** Whether one of these fields shows the error; else the form has to. */
export function isShownByField(error: unknown, fields: readonly string[]): boolean {
  return fields.some((field) => fieldProblem(error, field) !== undefined)
}

function isWithin(named: string | undefined, field: string): boolean {
  return named === field || named?.startsWith(`${field}.`) === true
}
