import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../conversation/failures.ts'
import { catalogue } from '../upstreams/amazon-q/catalogue.ts'
import { createModels } from './models.ts'

const models = createModels({ catalogue })
const resolveModel = (name: string) => models.resolve(name)

function outcomeOf(name: string): unknown {
  try {
    return catalogue.includes(resolveModel(name)) ? 'as promised' : 'a model of its own'
  } catch (error) {
    return error instanceof GatewayError && error.failure.kind === 'model-not-found' ? 'as promised' : error
  }
}

describe('resolveModel', () => {
  it.each(catalogue.map(({ id }) => [id]))('knows %s by its own name', (id) => {
    expect(resolveModel(id).id).toBe(id)
    expect(resolveModel(id.toUpperCase()).id).toBe(id)
  })

  it.each([
    ['claude-sonnet-4-20250514', 'claude-sonnet-4'],
    ['claude-sonnet-4-0', 'claude-sonnet-4'],
    ['claude-4-sonnet', 'claude-sonnet-4'],
    ['claude-4.5-sonnet', 'claude-sonnet-4.5'],
    ['CLAUDE_SONNET_4_20250514_V1_0', 'claude-sonnet-4'],
    ['claude-sonnet-4-5', 'claude-sonnet-4.5'],
    ['claude-sonnet-4-5-20250929', 'claude-sonnet-4.5'],
    ['claude-sonnet-4-5@20250929', 'claude-sonnet-4.5'],
    ['claude-sonnet-4-5-20250929-thinking', 'claude-sonnet-4.5'],
    ['claude-sonnet-4-5-latest', 'claude-sonnet-4.5'],
    ['claude-sonnet-4-6[1m]', 'claude-sonnet-4.6'],
    ['claude-haiku-4-5-20251001', 'claude-haiku-4.5'],
    ['claude-opus-4-5-20251101', 'claude-opus-4.5'],
    ['claude-opus-4-6', 'claude-opus-4.6'],
    ['claude-opus-4-7', 'claude-opus-4.7'],
    ['claude-opus-4-8', 'claude-opus-4.8'],
    ['claude-opus-5-5', 'claude-opus-5.5'],
    ['anthropic/claude-sonnet-4.5', 'claude-sonnet-4.5'],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'claude-sonnet-4.5'],
    ['bedrock/anthropic.claude-sonnet-4-20250514-v1:0', 'claude-sonnet-4'],
    ['openai/gpt-5.6-sol', 'gpt-5.6-sol'],
    [' claude-sonnet-4.5 ', 'claude-sonnet-4.5'],
    ['claude-3-5-sonnet-20241022', 'claude-sonnet-4.5'],
    ['claude-3-7-sonnet-latest', 'claude-sonnet-4.5'],
    ['claude-3.7-sonnet', 'claude-sonnet-4.5'],
    ['claude-3-5-haiku-20241022', 'claude-haiku-4.5'],
  ])('takes %s for %s', (name, id) => {
    expect(resolveModel(name).id).toBe(id)
  })

  it.each(['', 'gpt-4o', 'claude', 'claude-sonnet', 'claude-sonnet-9', 'claude-2.1', 'auto', 'constructor'])(
    'refuses %j with the names that would do',
    (name) => {
      expect(() => resolveModel(name)).toThrow(
        `model: ${name} is not known here. Choose one of: claude-sonnet-4, `,
      )
    },
  )

  it('finds what it would resolve, and nothing else', () => {
    expect(models.find('claude-sonnet-4-5')).toBe(resolveModel('claude-sonnet-4.5'))
    expect(models.find('gpt-4o')).toBeUndefined()
  })

  it('tells the context window', () => {
    expect(resolveModel('claude-opus-4-6').contextWindowTokens).toBe(1_000_000)
  })

  it('answers every name with a model or with model-not-found', () => {
    const piece = fc.constantFrom(
      'claude',
      '-',
      'sonnet',
      '4',
      '.',
      '5',
      '-v1:0',
      '[1m]',
      'anthropic/',
      '20250514',
      'x',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(outcomeOf(pieces.join(''))).toBe('as promised')
      }),
    )
  })

  it('shows no more than the start of a long name', () => {
    expect(() => resolveModel('x'.repeat(5_000))).toThrow(/^model: x{100} is not known here/)
  })
})
