import { describe, expect, it } from 'vitest'
import { textOf } from './answer.ts'
import { tokensPerSecond } from './answer-facts.ts'
import { playAnswer, type Progress } from './play-answer.ts'
import { addToLog, beginLog, type RawEvent } from './raw-log.ts'

const request = { dialect: 'openai-chat', body: { model: 'm', stream: true } } as const
const headers = { 'content-type': 'text/event-stream', 'x-request-id': 'req_1', 'x-aqueduct-model': 'used' }
const chunk = (delta: object, more: object = {}) =>
  `data: ${JSON.stringify({ choices: [{ delta, ...more }], usage: { prompt_tokens: 3, completion_tokens: 50 } })}\n\n`

function streamOf(...pieces: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece))
      controller.close()
    },
  })
}

async function play(send: (signal: AbortSignal) => Promise<Response>, stop = new AbortController()) {
  const told: Progress[] = []
  const events: RawEvent[] = []
  let time = 0
  const last = await playAnswer({
    request,
    signal: stop.signal,
    send: (_, signal) => send(signal),
    now: () => (time += 100),
    onProgress(progress, read) {
      told.push(progress)
      events.push(...read)
    },
  })
  return { told, events, last }
}

describe('an answer', () => {
  it('comes piece by piece, wherever it is cut', async () => {
    const text = chunk({ content: 'Grüße, ' }) + chunk({ content: '世界' }, { finish_reason: 'stop' })
    const bytes = new TextEncoder().encode(text)
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
        controller.close()
      },
    })
    const { last, told, events } = await play(async () => new Response(body, { headers }))
    expect(textOf(last.answer)).toBe('Grüße, 世界')
    expect(last.facts).toMatchObject({
      end: 'whole',
      status: 200,
      requestId: 'req_1',
      modelUsed: 'used',
      model: 'm',
    })
    expect(last.facts.firstTokenMs).toBeLessThan(last.facts.totalMs ?? 0)
    expect(told.length).toBeGreaterThan(2)
    expect(events).toHaveLength(2)
    expect(tokensPerSecond(last.answer, last.facts)).toBeGreaterThan(0)
  })

  it('that is not streamed comes at once', async () => {
    const body = { choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }] }
    const { last } = await play(async () => Response.json(body))
    expect(textOf(last.answer)).toBe('Hi')
    expect(last.facts.end).toBe('whole')
  })

  it('that is refused says why', async () => {
    const { last } = await play(async () =>
      Response.json({ error: { message: 'no such model' } }, { status: 404 }),
    )
    expect(last.answer.error).toBe('no such model')
    expect(last.facts).toMatchObject({ end: 'failed', status: 404 })
  })

  it('that breaks off says so', async () => {
    const { last } = await play(async () => new Response(streamOf(chunk({ content: 'a' })), { headers }))
    expect(last.facts.end).toBe('cut-off')
  })

  it('that nobody gives has failed', async () => {
    const { last } = await play(() => Promise.reject(new TypeError('network')))
    expect(last.facts).toMatchObject({ end: 'failed', status: undefined })
  })

  it('that is stopped keeps what has come', async () => {
    const stop = new AbortController()
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(chunk({ content: 'begun' })))
        stop.signal.addEventListener('abort', () => controller.error(stop.signal.reason))
        setTimeout(() => stop.abort())
      },
    })
    const { last } = await play(async () => new Response(body, { headers }), stop)
    expect(textOf(last.answer)).toBe('begun')
    expect(last.facts.end).toBe('stopped')
  })
})

describe('the log of an answer', () => {
  it('keeps the latest events, and not all of each', () => {
    const events = Array.from({ length: 400 }, (_, index) => ({
      atMs: index,
      name: '',
      data: 'x'.repeat(5000),
    }))
    const log = addToLog(addToLog(beginLog('/p', request), events), events)
    expect(log.events).toHaveLength(500)
    expect(log.leftOut).toBe(300)
    expect(log.events.every(({ data }) => data.length === 4001)).toBe(true)
  })
})
