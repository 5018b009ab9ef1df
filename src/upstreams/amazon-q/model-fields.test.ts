import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Effort, JsonObject, Thinking } from '../../conversation/conversation.ts'
import { chooseModelFields } from './model-fields.ts'

const efforts = (...words: string[]) => ({ properties: { effort: { enum: words } } })
const thinkingTypes = (...words: string[]) => ({
  properties: { type: { enum: words }, display: { enum: ['summarized', 'omitted'] } },
})
const maxTokens = { type: 'integer', minimum: 1024, maximum: 64_000 }

const schemas = {
  opus47: {
    properties: {
      thinking: thinkingTypes('adaptive', 'disabled'),
      output_config: efforts('low', 'medium', 'high', 'xhigh', 'max'),
      max_tokens: maxTokens,
    },
  },
  opus46: {
    properties: {
      thinking: thinkingTypes('adaptive', 'disabled'),
      output_config: efforts('low', 'medium', 'high', 'max'),
    },
  },
  sonnet55: {
    properties: {
      thinking: thinkingTypes('adaptive', 'between_tools'),
      output_config: efforts('low', 'medium', 'high', 'xhigh', 'max'),
    },
  },
  opus55: {
    properties: { thinking: thinkingTypes('adaptive'), output_config: efforts('low', 'medium', 'high') },
  },
  budgeted: {
    properties: {
      thinking: {
        properties: {
          type: { enum: ['enabled', 'disabled'] },
          budget_tokens: { type: 'integer', minimum: 1024, maximum: 32_000 },
        },
      },
      max_tokens: maxTokens,
    },
  },
  gpt: { properties: { reasoning: efforts('none', 'low', 'medium', 'high', 'xhigh') } },
  gptAlways: { properties: { reasoning: efforts('medium', 'high') } },
  empty: { properties: {} },
} satisfies Record<string, JsonObject>

interface Asked {
  thinking?: Thinking
  effort?: Effort
  maxOutputTokens?: number
}

function choose(
  schema: keyof typeof schemas,
  { thinking = { kind: 'default' }, effort, maxOutputTokens }: Asked,
) {
  const limits = { stopSequences: [], ...(maxOutputTokens !== undefined && { maxOutputTokens }) }
  const wishes = { thinking, limits, ...(effort !== undefined && { effort }) }
  const { fields, losses } = chooseModelFields(wishes, { requestFields: schemas[schema] })
  return [
    fields,
    losses.map(({ kind, detail }) => (detail === undefined ? kind : `${kind}.${detail}`)).join(),
  ]
}

const off: Thinking = { kind: 'off' }
const adaptive: Thinking = { kind: 'adaptive', shown: true }
const unshown: Thinking = { kind: 'adaptive', shown: false }
const budget = (budgetTokens: number): Thinking => ({ kind: 'budget', budgetTokens, shown: true })
const disabled = { thinking: { type: 'disabled' } }
const shown = { thinking: { type: 'adaptive', display: 'summarized' } }

describe('thinking', () => {
  it.each<[keyof typeof schemas, Asked, JsonObject | undefined, string]>([
    ['opus47', {}, disabled, ''],
    ['opus47', { thinking: off }, disabled, ''],
    ['opus47', { thinking: adaptive }, shown, ''],
    ['opus47', { thinking: unshown }, { thinking: { type: 'adaptive', display: 'omitted' } }, ''],
    [
      'opus47',
      { thinking: budget(4096) },
      { ...shown, output_config: { effort: 'low' } },
      'thinking.budget_tokens',
    ],
    [
      'opus47',
      { thinking: budget(4096), effort: 'max' },
      { ...shown, output_config: { effort: 'max' } },
      'thinking.budget_tokens',
    ],
    ['sonnet55', {}, undefined, ''],
    [
      'sonnet55',
      { thinking: off },
      { thinking: { type: 'between_tools', display: 'omitted' }, output_config: { effort: 'low' } },
      'thinking',
    ],
    ['opus55', { thinking: off }, { output_config: { effort: 'low' } }, 'thinking'],
    ['opus55', { thinking: off, effort: 'high' }, { output_config: { effort: 'high' } }, 'thinking'],
    ['budgeted', { thinking: budget(2000) }, { thinking: { type: 'enabled', budget_tokens: 2000 } }, ''],
    [
      'budgeted',
      { thinking: budget(50_000) },
      { thinking: { type: 'enabled', budget_tokens: 32_000 } },
      'thinking.budget_tokens',
    ],
    [
      'budgeted',
      { thinking: budget(5000), maxOutputTokens: 5000 },
      { thinking: { type: 'enabled', budget_tokens: 4999 }, max_tokens: 5000 },
      'thinking.budget_tokens',
    ],
    ['budgeted', { thinking: adaptive }, { thinking: { type: 'enabled', budget_tokens: 16_384 } }, ''],
    [
      'budgeted',
      { thinking: adaptive, effort: 'low' },
      { thinking: { type: 'enabled', budget_tokens: 4096 } },
      'effort',
    ],
    ['gpt', {}, undefined, ''],
    ['gpt', { thinking: off }, { reasoning: { effort: 'none' } }, ''],
    ['gpt', { thinking: off, effort: 'high' }, { reasoning: { effort: 'none' } }, 'effort'],
    ['gpt', { thinking: adaptive }, { reasoning: { effort: 'medium' } }, ''],
    ['gpt', { thinking: adaptive, effort: 'xhigh' }, { reasoning: { effort: 'xhigh' } }, ''],
    ['gpt', { thinking: budget(20_000) }, { reasoning: { effort: 'high' } }, 'thinking.budget_tokens'],
    ['gptAlways', { thinking: off }, { reasoning: { effort: 'medium' } }, 'thinking'],
    ['empty', {}, undefined, ''],
    ['empty', { thinking: off }, undefined, ''],
    ['empty', { thinking: adaptive }, undefined, 'thinking'],
    ['empty', { thinking: budget(4096) }, undefined, 'thinking'],
  ])('of %s for %j is %j, and loses %j', (schema, asked, fields, losses) => {
    expect(choose(schema, asked)).toEqual([fields, losses])
  })

  it.each([
    [1, 'low'],
    [4_096, 'low'],
    [4_097, 'medium'],
    [16_384, 'medium'],
    [16_385, 'high'],
    [32_768, 'high'],
    [32_769, 'xhigh'],
  ])('within %i tokens is an effort that is %s', (budgetTokens, effort) => {
    expect(choose('opus47', { thinking: budget(budgetTokens) })[0]).toEqual({
      ...shown,
      output_config: { effort },
    })
  })
})

describe('effort', () => {
  it.each<[keyof typeof schemas, Effort, JsonObject | undefined, string]>([
    ['opus47', 'xhigh', { ...disabled, output_config: { effort: 'xhigh' } }, ''],
    ['opus46', 'xhigh', { ...disabled, output_config: { effort: 'high' } }, 'effort'],
    ['gptAlways', 'low', { reasoning: { effort: 'medium' } }, 'effort'],
    ['gpt', 'max', { reasoning: { effort: 'xhigh' } }, 'effort'],
    ['budgeted', 'low', disabled, 'effort'],
    ['empty', 'low', undefined, 'effort'],
  ])('of %s for %j is %j, and loses %j', (schema, effort, fields, losses) => {
    expect(choose(schema, { effort })).toEqual([fields, losses])
  })
})

describe('the limit of output', () => {
  it.each<[keyof typeof schemas, number, number | undefined]>([
    ['opus47', 1, 1024],
    ['opus47', 1024, 1024],
    ['opus47', 32_000, 32_000],
    ['opus47', 128_000, 64_000],
    ['opus46', 32_000, undefined],
    ['empty', 1, undefined],
  ])('of %s for %i is %s, and the gateway sees to the rest', (schema, maxOutputTokens, sent) => {
    const [fields, lost] = choose(schema, { maxOutputTokens })
    expect(fields).toEqual(
      schema === 'empty' ? undefined : { ...disabled, ...(sent !== undefined && { max_tokens: sent }) },
    )
    expect(lost).toBe('')
  })
})

const someThinking = fc.oneof(
  fc.constantFrom<Thinking>({ kind: 'default' }, off, adaptive, unshown),
  fc.nat(100_000).map(budget),
)
const someAsked = fc.record(
  {
    thinking: someThinking,
    effort: fc.constantFrom<Effort>('low', 'medium', 'high', 'xhigh', 'max'),
    maxOutputTokens: fc.integer({ min: 1, max: 200_000 }),
  },
  { requiredKeys: [] },
)
const someWords = fc.uniqueArray(
  fc.constantFrom(
    'none',
    'minimal',
    'low',
    'medium',
    'high',
    'xhigh',
    'max',
    'adaptive',
    'disabled',
    'enabled',
  ),
  { maxLength: 4 },
)
const someMember = fc.oneof(
  fc.constantFrom<JsonObject>({ enum: ['x'] }, maxTokens),
  someWords.map((each): JsonObject => ({ enum: each })),
)
const someSchema = fc.dictionary(
  fc.constantFrom('thinking', 'output_config', 'reasoning', 'max_tokens'),
  fc.oneof(
    someMember,
    fc
      .dictionary(fc.constantFrom('type', 'display', 'budget_tokens', 'effort'), someMember)
      .map((properties): JsonObject => ({ properties })),
  ),
)

/** Whether a value is one that a description without choices allows. */
function isAllowed(value: unknown, description: unknown): boolean {
  if (typeof description !== 'object' || description === null) return false
  if (typeof value === 'number') {
    const { minimum, maximum } = maxTokens
    return Reflect.get(description, 'type') === 'integer' && value >= minimum && value <= maximum
  }
  if (typeof value === 'string') {
    const words: unknown = Reflect.get(description, 'enum')
    return Array.isArray(words) && words.includes(value)
  }
  const properties: unknown = Reflect.get(description, 'properties')
  if (typeof value !== 'object' || value === null) return false
  if (typeof properties !== 'object' || properties === null) return false
  return Object.entries(value).every(([name, member]) => isAllowed(member, Reflect.get(properties, name)))
}

describe('any wish, and any schema', () => {
  it('give fields that the schema defines', () => {
    fc.assert(
      fc.property(someAsked, someSchema, (asked, properties) => {
        const { effort, maxOutputTokens } = asked
        const thinking: Thinking = asked.thinking ?? { kind: 'default' }
        const limits = { stopSequences: [], ...(maxOutputTokens !== undefined && { maxOutputTokens }) }
        const wishes = { thinking, limits, ...(effort !== undefined && { effort }) }
        const { fields = {} } = chooseModelFields(wishes, { requestFields: { properties } })
        expect(isAllowed(fields, { properties })).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
