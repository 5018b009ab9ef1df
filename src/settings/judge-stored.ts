/** Which of the values that were set in the console count: an update, or the environment, may have overtaken them. */
import { readConfig, type Config } from '../config.ts'
import { StartError } from '../start-error.ts'
import { findSetting } from './setting-facts.ts'

type Values = Readonly<Record<string, string>>

export interface Judgement {
  /** Those that count. */
  accepted: ReadonlyMap<string, string>
  /** Of the others, why they do not. */
  ignored: ReadonlyMap<string, string>
}

/** Never throws: no value that was set in the console keeps a gateway from starting. */
export function judgeStored(given: Values, stored: ReadonlyMap<string, string>): Judgement {
  const ignored = new Map<string, string>()
  const candidates = new Map<string, string>()
  for (const [name, value] of stored) {
    const objection = objectionTo(name, given)
    if (objection === undefined) candidates.set(name, value)
    else ignored.set(name, objection)
  }
  if (refusalOf(given, candidates) === undefined) return { accepted: candidates, ignored }
  const accepted = new Map<string, string>()
  for (const [name, value] of [...candidates].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const refusal = refusalOf(given, new Map([...accepted, [name, value]]))
    if (refusal === undefined) accepted.set(name, value)
    else ignored.set(name, refusal)
  }
  return { accepted, ignored }
}

/** Throws a StartError where they do not go together. */
export function combine(given: Values, values: ReadonlyMap<string, string>): Config {
  // The environment comes last: it wins.
  return { ...readConfig({ ...Object.fromEntries(values), ...given }), given }
}

function objectionTo(name: string, given: Values): string | undefined {
  const setting = findSetting(name)
  if (setting === undefined) return `${name} is no setting of this version.`
  if (setting.reserved !== undefined) return `${name} can be set in the environment alone.`
  return Object.hasOwn(given, name) ? `${name} is set in the environment, which goes before.` : undefined
}

/** Undefined: they are fine. */
export function refusalOf(given: Values, values: ReadonlyMap<string, string>): string | undefined {
  try {
    combine(given, values)
    return undefined
  } catch (error) {
    if (error instanceof StartError) return error.message
    throw error
  }
}
