import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../conversation/conversation.ts'
import { readFieldRules } from './field-rules.ts'

describe('reading a model schema of request fields', () => {
  it('looks at no more than a handful of choices, however many there are and however deep', () => {
    const choices = Array.from({ length: 2000 }, () => ({ properties: { type: { const: 'adaptive' } } }))
    let nested: JsonObject = { anyOf: choices }
    for (let depth = 0; depth < 2000; depth += 1) nested = { anyOf: [nested] }
    const wide = { anyOf: choices, properties: { thinking: { anyOf: choices } } }
    expect([...readFieldRules(wide).thinking.keys()]).toEqual(['adaptive'])
    expect(readFieldRules({ properties: { thinking: nested } }).thinking.size).toBe(0)
  })

  it('finds what Claude models are known to take', () => {
    const schema = {
      type: 'object',
      additionalProperties: false,
      properties: {
        thinking: {
          type: 'object',
          properties: {
            type: { type: 'string', enum: ['adaptive', 'disabled'] },
            display: { type: 'string', enum: ['summarized', 'omitted'] },
          },
        },
        output_config: { type: 'object', properties: { effort: { type: 'string', enum: ['low', 'high'] } } },
        max_tokens: { type: 'integer', minimum: 1024, maximum: 64000 },
      },
    }
    const displays = new Set(['summarized', 'omitted'])
    expect(readFieldRules(schema)).toEqual({
      thinking: new Map([
        ['adaptive', { displays }],
        ['disabled', { displays }],
      ]),
      effort: { member: 'output_config', levels: new Set(['low', 'high']) },
      maxTokens: { minimum: 1024, maximum: 64000 },
    })
  })

  it('finds what GPT models are known to take', () => {
    const schema = { properties: { reasoning: { properties: { effort: { enum: ['none', 'low'] } } } } }
    expect(readFieldRules(schema)).toEqual({
      thinking: new Map(),
      effort: { member: 'reasoning', levels: new Set(['none', 'low']) },
    })
  })

  it('keeps the members of one choice apart from those of another', () => {
    const thinking = {
      oneOf: [
        { properties: { type: { const: 'disabled' } } },
        { properties: { type: { const: 'enabled' }, budget_tokens: { type: 'integer', minimum: 1024 } } },
      ],
    }
    expect(readFieldRules({ properties: { thinking } }).thinking).toEqual(
      new Map([
        ['disabled', { displays: new Set() }],
        ['enabled', { displays: new Set(), budget: { minimum: 1024, maximum: Number.MAX_SAFE_INTEGER } }],
      ]),
    )
  })

  it.each<[JsonObject]>([
    [{}],
    [{ properties: null }],
    [{ properties: { thinking: true, output_config: 1, max_tokens: 'x' } }],
    [{ properties: { thinking: { properties: { type: { type: 'string' } } } } }],
    [{ properties: { thinking: { properties: { type: { enum: [1, null] } } } } }],
    [{ properties: { max_tokens: { minimum: 1 }, toString: {} } }],
    [{ anyOf: 'x' }],
  ])('finds nothing in %j', (schema) => {
    expect(readFieldRules(schema)).toEqual({ thinking: new Map() })
  })
})
