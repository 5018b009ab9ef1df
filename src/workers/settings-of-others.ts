/** Settings that need a restart: workers that come later begin with those of the first, whatever was set meanwhile. */
import * as z from 'zod'

/** The variable of the environment by which a worker is told. */
export const SETTINGS_VARIABLE = 'AQUEDUCT_SETTINGS_AT_START'

const settings = z.record(z.string(), z.string())

export function writeSettings(given: Readonly<Record<string, string>>): string {
  return JSON.stringify(given)
}

/** Undefined: there is no other worker yet. */
export function readSettings(text: string | undefined): ReadonlyMap<string, string> | undefined {
  return text === undefined ? undefined : new Map(Object.entries(settings.parse(JSON.parse(text))))
}
