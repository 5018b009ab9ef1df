/** Answers that break off inside a tool call. */
import { describe, expect, it } from 'vitest'
import { playScript, type Script } from '../../test/scripted-relay.ts'
import type { ReplyEvent } from '../conversation/reply.ts'

const start: ReplyEvent = { type: 'reply-start' }
const said: ReplyEvent[] = [
  { type: 'block-start', block: { kind: 'text' } },
  { type: 'block-delta', text: 'I write it.' },
  { type: 'block-end' },
]
const thought: ReplyEvent[] = [
  { type: 'block-start', block: { kind: 'thinking' } },
  { type: 'block-delta', text: 'hm' },
  { type: 'block-end' },
]
const halfCall = (id: string): ReplyEvent[] => [
  { type: 'block-start', block: { kind: 'tool-use', id, name: 'write' } },
  { type: 'block-delta', text: '{"path":"/ho' },
]
const call = (id: string): ReplyEvent[] => [
  { type: 'block-start', block: { kind: 'tool-use', id, name: 'write' } },
  { type: 'block-delta', text: '{}' },
  { type: 'block-end' },
]
const cut = (...events: ReplyEvent[]) => ({
  milliseconds: 0,
  events: [start, ...events],
  failure: 'interrupted' as const,
})

const play = (script: Partial<Script> & Pick<Script, 'attempts'>) =>
  playScript({ accountIds: ['a', 'b'], gate: 'whole-reply', ...script })

/** Whatever the service says, an answer that is cut here ends so. */
const end = { type: 'reply-end', stopReason: 'max-tokens' }

describe('an answer that breaks off inside a tool call', () => {
  it('is tried once more, then goes out without the call, and says so', async () => {
    const played = await play({ attempts: [cut(...said, ...halfCall('t'))] })
    expect(played).toMatchObject({
      result: 'answered',
      events: [start, ...said, end],
      settled: ['a:success'],
      remedies: [{ failure: 'interrupted', remedy: 'repeat' }],
      facts: { repairs: ['repeat', 'without-cut-call'] },
    })
  })

  it('counts all that was written, the lost call too, as an estimate', async () => {
    const { events } = await play({ attempts: [cut(...said, ...halfCall('t'))] })
    // 23 bytes.
    expect(events.at(-1)).toMatchObject({
      usage: { inputTokens: 7, outputTokens: 7, source: 'estimated' },
    })
  })

  it('keeps the calls before it', async () => {
    const { events } = await play({ attempts: [cut(...call('s'), ...halfCall('t'))] })
    expect(events).toMatchObject([start, ...call('s'), end])
  })

  it('is of use when it comes whole at the second attempt', async () => {
    const whole = { milliseconds: 0, events: [start, ...said, ...call('t'), { ...reply }] }
    const { events, facts } = await play({ attempts: [cut(...said, ...halfCall('t')), whole] })
    expect(events).toEqual(whole.events)
    expect(facts?.repairs).toEqual(['repeat'])
  })

  it('goes out at once when it is too late for another attempt', async () => {
    const late = { ...cut(...said, ...halfCall('t')), milliseconds: 46_000 }
    expect(await play({ attempts: [late] })).toMatchObject({
      result: 'answered',
      remedies: [],
      facts: { repairs: ['without-cut-call'] },
    })
  })

  it.each([
    ['nothing is left without it', cut(...halfCall('t'))],
    ['only thoughts are left without it', cut(...thought, ...halfCall('t'))],
    ['it broke off outside of the call', cut(...said, ...call('t'))],
    ['the service said why', { ...cut(...said, ...halfCall('t')), failure: 'capacity' as const }],
  ])('stays a failure when %s', async (_, attempt) => {
    expect((await play({ attempts: [attempt] })).result).toBe(attempt.failure)
  })

  it('stays a failure when it is streamed: what the client got of the call cannot be taken back', async () => {
    const { result, events } = await play({
      attempts: [cut(...said, ...halfCall('t'))],
      gate: 'first-content',
    })
    expect(result).toBe('interrupted')
    expect(events).toEqual([start, ...said, ...halfCall('t')])
  })

  it('meets no demand, and is passed on as it is', async () => {
    const conversation: Script['conversation'] = { responseFormat: { kind: 'json' } }
    const { result, events } = await play({ attempts: [cut(...said, ...halfCall('t'))], conversation })
    expect(result).toBe('answered')
    expect(events).toMatchObject([start, ...said, end])
  })
})

const reply: ReplyEvent = {
  type: 'reply-end',
  stopReason: 'tool-use',
  usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, source: 'upstream' },
}
