import { describe, expect, it } from 'vitest'
import { findFieldFault } from './extra-fields.ts'
import { defaultModels } from './models.ts'

function faultOf(modelId: string, fields: unknown): string | undefined {
  const schema = defaultModels.find((model) => model.modelId === modelId)?.extraFields
  if (schema === undefined) throw new Error(`${modelId} takes no fields.`)
  return findFieldFault(schema, fields)
}

describe('extra fields of models', () => {
  it.each([
    ['claude-opus-5', {}],
    ['claude-opus-5', { thinking: { type: 'adaptive', display: 'omitted' }, max_tokens: 1024 }],
    ['claude-opus-5', { thinking: { type: 'disabled' }, output_config: { effort: 'xhigh' } }],
    ['claude-opus-5', { max_tokens: 128_000 }],
    ['claude-sonnet-4.6', { output_config: { effort: 'max' }, max_tokens: 64_000 }],
    ['claude-sonnet-5.5', { thinking: { type: 'between_tools' } }],
    ['claude-opus-5.5', { thinking: { type: 'adaptive' } }],
    ['gpt-5.6-luna', { reasoning: { effort: 'none' } }],
  ])('%s takes %j', (modelId, fields) => {
    expect(faultOf(modelId, fields)).toBeUndefined()
  })

  it.each([
    ['claude-opus-5', { temperature: 1 }, "property 'temperature' is not defined in the schema"],
    ['claude-opus-5', { toString: 1 }, "property 'toString' is not defined in the schema"],
    [
      'claude-opus-5',
      { thinking: { type: 'adaptive', budget_tokens: 2000 } },
      "$.thinking: property 'budget_tokens' is not defined in the schema",
    ],
    [
      'claude-opus-5',
      { thinking: { type: 'enabled' } },
      '$.thinking.type: must be one of adaptive, disabled',
    ],
    ['claude-opus-5', { thinking: { display: 'omitted' } }, "$.thinking: property 'type' is required"],
    ['claude-opus-5', { thinking: 'adaptive' }, '$.thinking: object expected'],
    ['claude-opus-5', { output_config: { effort: 3 } }, '$.output_config.effort: string expected'],
    ['claude-opus-5', { max_tokens: 1023 }, '$.max_tokens: must be from 1024 to 128000'],
    ['claude-opus-5', { max_tokens: 2000.5 }, '$.max_tokens: integer expected'],
    ['claude-opus-5', [], '$: object expected'],
    ['claude-opus-5', null, '$: object expected'],
    ['claude-sonnet-4.6', { max_tokens: 64_001 }, '$.max_tokens: must be from 1024 to 64000'],
    [
      'claude-opus-4.6',
      { output_config: { effort: 'xhigh' } },
      '$.output_config.effort: must be one of low, medium, high, max',
    ],
    ['claude-opus-5.5', { thinking: { type: 'disabled' } }, '$.thinking.type: must be one of adaptive'],
    [
      'claude-sonnet-5.5',
      { thinking: { type: 'disabled' } },
      '$.thinking.type: must be one of adaptive, between_tools',
    ],
    ['gpt-5.6-sol', { thinking: { type: 'adaptive' } }, "property 'thinking' is not defined in the schema"],
    ['claude-opus-5', { reasoning: { effort: 'low' } }, "property 'reasoning' is not defined in the schema"],
  ])('%s refuses %j', (modelId, fields, fault) => {
    expect(faultOf(modelId, fields)).toBe(fault)
  })
})
