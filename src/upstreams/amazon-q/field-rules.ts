/** What a model's schema of request fields (protocol 3.9) allows, as far as the gateway has something to put there. */

import * as z from 'zod'
import type { JsonObject } from '../../conversation/conversation.ts'

export interface FieldRules {
  /** By kind, such as `adaptive`. */
  thinking: ReadonlyMap<string, ThinkingRules>
  effort?: EffortRules
  maxTokens?: Range
}

export interface ThinkingRules {
  displays: ReadonlySet<string>
  /** Of `budget_tokens`. */
  budget?: Range
}

export interface EffortRules {
  /** Claude's or GPT's name for the member that holds the effort. */
  member: 'output_config' | 'reasoning'
  levels: ReadonlySet<string>
}

export interface Range {
  minimum: number
  maximum: number
}

/** Keywords of other shape, and keywords that say nothing to us, allow nothing. */
const description = z.looseObject({
  type: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).catch({}),
  enum: z.array(z.unknown()).catch([]),
  const: z.unknown().optional(),
  minimum: z.number().catch(0),
  maximum: z.number().catch(Number.MAX_SAFE_INTEGER),
  anyOf: z.array(z.unknown()).catch([]),
  oneOf: z.array(z.unknown()).catch([]),
})
type Description = z.output<typeof description>

export function readFieldRules(requestFields: JsonObject): FieldRules {
  const root = variantsOf(requestFields)
  const effort = readEffort(root)
  const maxTokens = readRange(membersOf(root, 'max_tokens'))
  return {
    thinking: readThinking(membersOf(root, 'thinking')),
    ...(effort !== undefined && { effort }),
    ...(maxTokens !== undefined && { maxTokens }),
  }
}

/** Real schemas have a handful. The list comes from outside, and each request reads it. */
const MAX_VARIANTS = 32
const MAX_DEPTH = 6

/** A description that leaves a choice is one variant for each; what it says beside the choice holds for all of them. */
function variantsOf(schema: unknown, depth = 0): Description[] {
  if (depth > MAX_DEPTH) return []
  const parsed = description.safeParse(schema)
  if (!parsed.success) return []
  const whole = parsed.data
  const choices = [...whole.anyOf, ...whole.oneOf].slice(0, MAX_VARIANTS)
  if (choices.length === 0) return [whole]
  const variants = choices.flatMap((choice) => variantsOf(choice, depth + 1)).slice(0, MAX_VARIANTS)
  return variants.map((choice) => ({
    ...choice,
    properties: { ...whole.properties, ...choice.properties },
    enum: choice.enum.length > 0 ? choice.enum : whole.enum,
  }))
}

function membersOf(variants: readonly Description[], name: string): Description[] {
  const described = variants.filter(({ properties }) => Object.hasOwn(properties, name))
  return described.flatMap(({ properties }) => variantsOf(properties[name])).slice(0, MAX_VARIANTS)
}

function wordsOf(variants: readonly Description[]): string[] {
  return variants
    .flatMap((variant) => [...variant.enum, variant.const])
    .filter((value) => typeof value === 'string')
}

function readThinking(variants: readonly Description[]): Map<string, ThinkingRules> {
  const rules = new Map<string, ThinkingRules>()
  for (const variant of variants) {
    const budget = readRange(membersOf([variant], 'budget_tokens'))
    const displays = new Set(wordsOf(membersOf([variant], 'display')))
    for (const kind of wordsOf(membersOf([variant], 'type'))) {
      rules.set(kind, { displays, ...(budget !== undefined && { budget }) })
    }
  }
  return rules
}

function readEffort(root: readonly Description[]): EffortRules | undefined {
  for (const member of ['output_config', 'reasoning'] as const) {
    const levels = new Set(wordsOf(membersOf(membersOf(root, member), 'effort')))
    if (levels.size > 0) return { member, levels }
  }
  return undefined
}

function readRange([number]: readonly Description[]): Range | undefined {
  if (number?.type !== 'integer' && number?.type !== 'number') return undefined
  return { minimum: number.minimum, maximum: number.maximum }
}
