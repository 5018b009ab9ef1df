/** Ways to bend one place of a body, and what has to become of them by the list of what is tolerated. */
import { judge, isObject, ruleOf, type Step, type Tolerance, type Verdict } from './tolerance.ts'

interface Place {
  path: readonly string[]
  steps: readonly Step[]
  value: unknown
  inList: boolean
}

/** Which of the places, and which of the ways to bend it; numbers of any size. */
export interface Pick {
  place: number
  way: number
}

export interface Bend {
  path: string
  /** What `value` is put in place of; undefined: nothing is left of it. */
  value: unknown
  verdict: Verdict
  /** Nothing else is bent below this path, as it would mean something else then. */
  scope: string
}

interface Bent {
  body: unknown
  bends: readonly Bend[]
}

/** Members that say what their object is. */
const TAGS: ReadonlySet<string> = new Set(['type', 'role'])
const TOP_LEVELS = 3

const strangeTexts = ['', 'unheard_of', ' ', '\0', '\ud800', '__proto__', 'x'.repeat(300)]
const strangeNumbers = [-1, 0, 1.5, 1e308, 2 ** 53]
const anyValues = [undefined, null, true, 7, 'odd', [], {}, [null], [{}]]
const POISON: unknown = JSON.parse('{"__proto__": {"polluted": true}}')

/** The body with so many of its places bent as can be without one changing what the other means. */
export function bend(body: unknown, picks: readonly Pick[], tolerance: Tolerance): Bent {
  const places = [...placesOf(body)].slice(1)
  const high = places.filter(({ path }) => path.length <= TOP_LEVELS)
  const bends: Bend[] = []
  let bent = body
  for (const { place: nth, way } of picks) {
    // Most places lie deep in the messages, so every other bend keeps to the top.
    const among = nth % 2 === 0 ? places : high
    const place = among[Math.floor(nth / 2) % among.length]
    if (place === undefined) continue
    const made = bendAt(place, way, tolerance)
    if (bends.some(({ scope }) => isEntangled(scope, made.scope))) continue
    bends.push(made)
    bent = replaceAt(bent, place.path, made.value)
  }
  return { body: bent, bends }
}

function bendAt({ path, steps, value, inList }: Place, way: number, tolerance: Tolerance): Bend {
  const others = waysOf(value)
  const other = others[way % others.length]
  const rule = ruleOf(tolerance, steps)
  const isTag = TAGS.has(path.at(-1) ?? '')
  const isTakenOut = other === undefined && inList
  return {
    path: path.join('.'),
    value: other,
    // What follows in the list moves up; what is left is a body like any other.
    verdict: isTakenOut ? 'doubtful' : judge(rule, other),
    scope: (isTag || isTakenOut ? path.slice(0, -1) : path).join('.'),
  }
}

function waysOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return [...anyValues, ...strangeTexts]
  if (typeof value === 'number') return [...anyValues, ...strangeNumbers]
  if (Array.isArray(value)) return [...anyValues, [...value, ...value.slice(0, 1)]]
  if (isObject(value))
    return [...anyValues, { ...value, x_unheard_of: 1 }, Object.assign(copyOf(POISON), value)]
  return [...anyValues, ...strangeTexts]
}

function copyOf(value: unknown): object {
  const copy: unknown = structuredClone(value)
  return isObject(copy) ? copy : {}
}

/** The body itself first. */
function* placesOf(
  value: unknown,
  path: readonly string[] = [],
  steps: readonly Step[] = [],
  inList = false,
): Generator<Place> {
  yield { path, steps, value, inList }
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      const written = `[${tagOf(element) ?? ''}]`
      yield* placesOf(element, [...path, String(index)], [...steps, { written, member: undefined }], true)
    }
  } else if (isObject(value)) {
    for (const [member, inner] of Object.entries(value)) {
      const tag = tagOf(inner)
      const written = `${steps.length === 0 ? '' : '.'}${member}${tag === undefined ? '' : `<${tag}>`}`
      yield* placesOf(inner, [...path, member], [...steps, { written, member }])
    }
  }
}

function tagOf(value: unknown): string | undefined {
  if (!isObject(value)) return undefined
  const tag: unknown = Reflect.get(value, 'type') ?? Reflect.get(value, 'role')
  return typeof tag === 'string' ? tag : undefined
}

function replaceAt(value: unknown, [step, ...rest]: readonly string[], other: unknown): unknown {
  if (step === undefined) return other
  if (Array.isArray(value)) {
    const isTakenOut = rest.length === 0 && other === undefined
    if (isTakenOut) return value.filter((_, index) => String(index) !== step)
    return value.map((inner: unknown, index) =>
      String(index) === step ? replaceAt(inner, rest, other) : inner,
    )
  }
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([member, inner]) => [
    member,
    member === step ? replaceAt(inner, rest, other) : inner,
  ])
  return Object.fromEntries(members.filter(([, inner]) => inner !== undefined))
}

/** What may be chosen among tools hangs on what tools there are, and on nothing else where none is left. */
const TOOL_MEMBERS: ReadonlySet<string> = new Set(['tools', 'tool_choice', 'functions', 'function_call'])

function isEntangled(one: string, other: string): boolean {
  const [ofOne = '', ofOther = ''] = [one, other].map((path) => path.split('.')[0])
  return overlap(one, other) || (ofOne !== ofOther && TOOL_MEMBERS.has(ofOne) && TOOL_MEMBERS.has(ofOther))
}

export function overlap(one: string, other: string): boolean {
  return isWithin(one, other) || isWithin(other, one)
}

export function isWithin(path: string, whole: string): boolean {
  return path === whole || whole === '' || path.startsWith(`${whole}.`)
}
