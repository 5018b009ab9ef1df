import { describe, expect, it } from 'vitest'
import { groupModels } from './group-models.ts'

const model = (id: string, displayName = id) => ({
  id,
  displayName,
  contextWindow: 200_000,
  maxOutput: null,
  takesImages: true,
  takesDocuments: true,
  thinks: true,
  efforts: [],
  rate: null,
})
const models = [
  model('auto'),
  model('claude-sonnet-4.5', 'Claude Sonnet 4.5'),
  model('gpt-5.6', 'GPT-5.6'),
  model('claude-haiku-4.5', 'Claude Haiku 4.5'),
]
const shown = (sought: string) =>
  groupModels(models, sought).map(({ family, models: list }) => [family, ...list.map(({ id }) => id)])

describe('the models', () => {
  it('are grouped by family', () => {
    expect(shown('')).toEqual([
      ['Auto', 'auto'],
      ['Claude', 'claude-sonnet-4.5', 'claude-haiku-4.5'],
      ['GPT', 'gpt-5.6'],
    ])
  })

  it.each([
    ['HAIKU', [['Claude', 'claude-haiku-4.5']]],
    ['4.5 son', [['Claude', 'claude-sonnet-4.5']]],
    ['nothing', []],
  ])('are found by %s', (sought, groups) => {
    expect(shown(sought)).toEqual(groups)
  })
})
