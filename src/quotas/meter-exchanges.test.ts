import { describe, expect, it } from 'vitest'
import { sampleModel } from '../../test/sample-model.ts'
import { createConversation } from '../conversation/conversation.ts'
import type { ReplyEvent, Usage } from '../conversation/reply.ts'
import type { Decoder } from '../conversation/stage.ts'
import { FULL_FORM, type Exchange, type Upstream } from '../upstreams/upstream.ts'
import { meterExchanges } from './meter-exchanges.ts'

const usage: Usage = {
  inputTokens: 1,
  outputTokens: 1,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  source: 'upstream',
}
const start: ReplyEvent = { type: 'reply-start' }
const endWith = (credits?: number): ReplyEvent => ({
  type: 'reply-end',
  stopReason: 'end-turn',
  usage: { ...usage, ...(credits !== undefined && { credits }) },
})

async function nothing(): Promise<never> {
  throw new Error('Nobody asks for it.')
}

/** What is noted, and what comes out, of an answer with these events. */
async function play(events: readonly ReplyEvent[]) {
  let partsRead = 0
  const decoder: Decoder = {
    push(_, emit) {
      partsRead += events.length
      events.forEach(emit)
    },
    end() {},
    partsRead: () => partsRead,
  }
  const body = { read() {}, pause() {}, resume() {}, destroy() {} }
  const exchange: Exchange = {
    inputTokens: 7,
    send: async () => ({ body, decoder, losses: [] }),
    rewrite: () => undefined,
    preview: () => {
      throw new Error('Nobody asks for it.')
    },
  }
  const upstream: Upstream = {
    name: 'test',
    hostOf: () => 'host',
    prepare: () => exchange,
    catalogue: [],
    listModels: nothing,
    usualProfile: () => ({ kind: 'none' }),
    listProfiles: nothing,
    readUsage: nothing,
    searchesWeb: () => false,
    searchWeb: nothing,
  }
  const noted: [string, number | undefined][] = []
  const metered = meterExchanges(upstream, (...answer) => noted.push(answer))
  const prepared = metered.prepare(createConversation({ model: 'm', turns: [] }), sampleModel)
  const access = { accountId: 'a', accessToken: 't', channel: 'c', region: 'r', optsOut: true }
  const { signal } = new AbortController()
  const reply = await prepared.send(access, { model: sampleModel, form: FULL_FORM, signal })
  const out: ReplyEvent[] = []
  reply.decoder.push(new Uint8Array(), (event) => out.push(event))
  reply.decoder.end((event) => out.push(event))
  return { noted, out, inputTokens: prepared.inputTokens, partsRead: reply.decoder.partsRead?.() }
}

describe('a metered answer', () => {
  it.each<[string, ReplyEvent[], [string, number | undefined][]]>([
    ['with its price', [start, endWith(0.25)], [['a', 0.25]]],
    ['without one', [start, endWith()], [['a', undefined]]],
    ['not at all when it breaks off', [start], []],
  ])('is noted %s, and passed on as it is', async (_, events, expected) => {
    const { noted, out, inputTokens } = await play(events)
    expect(noted).toEqual(expected)
    expect(out).toEqual(events)
    expect(inputTokens).toBe(7)
  })

  it('still tells how much of it has come whole, by which silence is told from drips', async () => {
    expect((await play([start, endWith()])).partsRead).toBe(2)
  })
})
