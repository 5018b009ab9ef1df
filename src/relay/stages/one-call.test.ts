import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replyEvents } from '../../../test/reply-events.ts'
import { call, collect, replyOf, runStage, sampleUsage, text } from '../../../test/run-stage.ts'
import { estimateTokens } from '../../conversation/estimate-tokens.ts'
import { createOneCall } from './one-call.ts'

describe('one call at a time', () => {
  it('lets a reply pass up to its first call, and no further', () => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        const { parts, stopReason } = collect(events)
        const first = parts.findIndex((part) => part.kind === 'tool-use')
        const out = collect(runStage(createOneCall({ inputTokens: 5 }), events))
        expect(out.parts).toEqual(first < 0 ? parts : parts.slice(0, first + 1))
        expect(out.stopReason).toBe(stopReason)
      }),
    )
  })

  it('keeps the usage of a reply with one call', () => {
    const events = replyOf(text('Now: '), call('ls', '{}'))
    expect(runStage(createOneCall({ inputTokens: 5 }), events)).toEqual(events)
  })

  it.each([[call('cat', '{"a":1}')], [text('more')]])(
    'ends the reply when anything follows the call, with usage by estimate',
    (next) => {
      const { parts, usage } = collect(
        runStage(createOneCall({ inputTokens: 5 }), replyOf(text('Now: '), call('ls', '{}'), next)),
      )
      expect(parts.map((part) => part.kind)).toEqual(['text', 'tool-use'])
      expect(usage).toEqual({
        ...sampleUsage,
        inputTokens: 5,
        outputTokens: estimateTokens('Now: {}'),
        cacheReadTokens: 0,
        source: 'estimated',
      })
    },
  )
})
