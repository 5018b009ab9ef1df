import { describe, expect, it } from 'vitest'
import { listIgnored, writeFactHeaders, writeUsageHeaders } from './fact-headers.ts'

const chat = { ignored: ['top_k'], fieldsOfLoss: { thinking: ['reasoning_effort', 'enable_thinking'] } }

describe('the header of what was ignored', () => {
  it.each([
    ['what the dialect left out', [], ['top_k']],
    [
      'what the upstream lost, by the fields that ask for it',
      [{ kind: 'thinking' as const }],
      ['top_k', 'reasoning_effort', 'enable_thinking'],
    ],
    ['a loss that no field stands for, by its own name', [{ kind: 'effort' as const }], ['top_k', 'effort']],
    [
      'which part of a field was lost, each once',
      [
        { kind: 'tool-schema' as const, detail: 'not' },
        { kind: 'tool-schema' as const, detail: 'not' },
      ],
      ['top_k', 'tool-schema.not'],
    ],
  ])('names %s', (_, losses, expected) => {
    expect(listIgnored(chat, losses)).toEqual(expected)
  })

  it('is absent when there is nothing to tell, and stays within bounds', () => {
    const facts = { losses: [], repairs: ['refresh'] }
    const quiet = { ignored: [], fieldsOfLoss: {} }
    expect(writeFactHeaders(quiet, facts)).toEqual({ 'x-aqueduct-repaired': 'refresh' })
    const ignored = Array.from({ length: 50 }, (_, index) => `f${index}`)
    const header = writeFactHeaders({ ...quiet, ignored }, { losses: [], repairs: [] })['x-aqueduct-ignored']
    expect(header?.split(', ')).toHaveLength(41)
    expect(header).toMatch(/and 10 more$/)
  })
})

describe('the headers of usage', () => {
  const counts = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 0, cacheWriteTokens: 0 }

  it.each(['upstream', 'context-percent', 'estimated'] as const)('say that numbers are %s', (source) => {
    expect(writeUsageHeaders({ ...counts, source })).toEqual({ 'x-aqueduct-usage': source })
  })

  it.each([0, 0.03, 12])('tell the credits that the service told (%d)', (credits) => {
    const headers = writeUsageHeaders({ ...counts, source: 'upstream', credits })
    expect(headers['x-aqueduct-credits']).toBe(String(credits))
  })
})
