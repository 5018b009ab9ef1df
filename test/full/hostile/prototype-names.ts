/** JSON whose keys are the names that lead to prototypes, in every spelling, beside sound values. */
import { readJson } from '../../../src/http/read-json.ts'
import type { Random } from './random.ts'

const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  'hasOwnProperty',
  'toString',
  'valueOf',
  'toJSON',
  'then',
  'a',
  'b',
] as const
const LEAVES = ['1', 'null', '"x"', 'true', '[]', '{}', '{"polluted":1}', '"__proto__"'] as const
const MOST_DEPTH = 6

function spell(name: string, random: Random): string {
  const letters = Array.from(name, (letter) =>
    random.below(4) === 0 ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter,
  )
  return `"${letters.join('')}"`
}

function writeValue(random: Random, depth: number): string {
  if (depth === 0 || random.below(3) === 0) return random.pick(LEAVES)
  const members = Array.from({ length: random.below(4) }, () => writeValue(random, depth - 1))
  if (random.below(4) === 0) return `[${members.join(',')}]`
  return `{${members.map((member) => `${spell(random.pick(NAMES), random)}:${member}`).join(',')}}`
}

/** Reads one such text, and copies the value as a careless program would. Throws when a prototype is not what it was. */
export function checkPrototypeNames(random: Random): void {
  const text = `{"model":"m","__proto__":{"polluted":1},"x":${writeValue(random, MOST_DEPTH)}}`
  const value = readJson(Buffer.from(text))
  for (const each of [value, copyCarelessly(value)]) {
    if (holdsPrototypeKey(each)) throw new Error(`A key __proto__ is left of ${text}`)
    if (typeof each === 'object' && each !== null && Reflect.get(each, 'polluted') !== undefined) {
      throw new Error(`A prototype was put in by ${text}`)
    }
  }
  const own = [Object.prototype, Array.prototype, Function.prototype].flatMap((each) => Object.keys(each))
  if (own.length > 0) throw new Error(`A prototype of ours was changed by ${text}`)
}

function copyCarelessly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyCarelessly)
  if (typeof value !== 'object' || value === null) return value
  const copy: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) copy[key] = copyCarelessly(member)
  return copy
}

function holdsPrototypeKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
  return !isPlain || Object.hasOwn(value, '__proto__') || Object.values(value).some(holdsPrototypeKey)
}
