/**
 * What may stand at a place of a body, written down by hand from the documented tolerance of the gateway and from the
 * types of the APIs; no reader is asked. A place is known by its pattern: the path with the `type` or the `role` of an
 * element in place of its index, as in `messages[user].content[text].text`, and that of an object behind its name, as in
 * `thinking<enabled>.budget_tokens`.
 */

/** `doubtful`: it depends on what else is there; when it is refused, it is refused by its path. */
export type Verdict = 'harmless' | 'refused' | 'doubtful'

type Judge<T> = Verdict | ((value: T) => Verdict)

/** By what comes in the place of a value. Of a type that is not named here all is refused. */
export interface Rule {
  absent: Verdict
  null: Verdict
  boolean?: Verdict
  number?: Judge<number>
  string?: Judge<string>
  list?: Judge<readonly unknown[]>
  object?: Judge<object>
}

export interface Tolerance {
  /** Exact patterns; with `.**` behind them for all that is below. */
  rules: Readonly<Record<string, Rule>>
  /** Of members that mean the same wherever they are, and of all that is below them. */
  anywhere: Readonly<Record<string, Rule>>
}

type Kinds = Omit<Rule, 'absent' | 'null'>

export const needed = (kinds: Kinds): Rule => ({ absent: 'refused', null: 'refused', ...kinds })
export const optional = (kinds: Kinds): Rule => ({ absent: 'harmless', null: 'harmless', ...kinds })

export const text: Kinds = { string: 'harmless' }
export const name: Kinds = { string: (value) => (value === '' ? 'refused' : 'harmless') }
export const flag: Kinds = { boolean: 'harmless' }
export const integer = (least: number): Kinds => ({
  number: (value) => (Number.isSafeInteger(value) && value >= least ? 'harmless' : 'refused'),
})

/** A list, each element of which is looked at: those that the bends put in are no elements of any list of ours. */
export const elements: Kinds = { list: (value) => (value.some(isHollow) ? 'refused' : 'harmless') }
/** The same of objects that need none of their members. */
export const objects: Kinds = {
  list: (value) => (value.some((each) => !isObject(each)) ? 'refused' : 'harmless'),
}
export const texts: Kinds = {
  list: (value) => (value.some((each) => typeof each !== 'string') ? 'refused' : 'harmless'),
}

/** An object that needs members: one without any is refused, by their paths. */
export const struct: Kinds = { object: (value) => (Object.keys(value).length === 0 ? 'refused' : 'harmless') }
/** An object that needs none. */
export const options: Kinds = { object: 'harmless' }

export const anything: Rule = {
  absent: 'harmless',
  null: 'harmless',
  boolean: 'harmless',
  number: 'harmless',
  string: 'harmless',
  list: 'harmless',
  object: 'harmless',
}
export const doubtful: Rule = {
  absent: 'doubtful',
  null: 'doubtful',
  boolean: 'doubtful',
  number: 'doubtful',
  string: 'doubtful',
  list: 'doubtful',
  object: 'doubtful',
}

export function judge(rule: Rule, value: unknown): Verdict {
  if (value === undefined) return rule.absent
  if (value === null) return rule.null
  if (typeof value === 'boolean') return rule.boolean ?? 'refused'
  if (typeof value === 'number') return apply(rule.number, value)
  if (typeof value === 'string') return apply(rule.string, value)
  if (Array.isArray(value)) return apply(rule.list, value)
  return apply(rule.object, isObject(value) ? value : {})
}

function apply<T>(how: Judge<T> | undefined, value: T): Verdict {
  return typeof how === 'function' ? how(value) : (how ?? 'refused')
}

function isHollow(value: unknown): boolean {
  return !isObject(value) || Object.keys(value).length === 0
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A step of a pattern: how it is written, and the name of the member that it stands for, if it is none of a list. */
export interface Step {
  written: string
  member: string | undefined
}

/** Throws for a place that nobody has thought of. */
export function ruleOf({ rules, anywhere }: Tolerance, steps: readonly Step[]): Rule {
  const exact = rules[patternOf(steps)]
  if (exact !== undefined) return exact
  const known = steps.find(({ member }) => member !== undefined && Object.hasOwn(anywhere, member))
  const rule = anywhere[known?.member ?? '']
  if (rule !== undefined) return rule
  for (let count = steps.length - 1; count > 0; count -= 1) {
    const below = rules[`${patternOf(steps.slice(0, count))}.**`]
    if (below !== undefined) return below
  }
  throw new Error(`Nothing is written down about ${patternOf(steps)}`)
}

function patternOf(steps: readonly Step[]): string {
  // The type of what a pattern ends in says nothing about the place itself.
  return steps
    .map(({ written }, nth) => (nth === steps.length - 1 ? written.replace(/<.*>$/, '') : written))
    .join('')
}

/** Text, or a list of its parts. */
export const content = { ...text, ...elements }
/** Another type makes another element of it. */
export const tag: Rule = { ...needed({}), string: 'doubtful' }
/** Of hosts that a search keeps to. */
export const domain = {
  string: (value: string) => (value === '' || value.length > 255 ? 'refused' : 'harmless'),
} as const
