/** A service that is damaged or hostile: F10 and F11 at a small count; test/full/upstream-http.ts and event-stream.ts have the large ones. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDamagedAnswer, faultOf } from './full/hostile/damaged-answers.ts'
import { hearReply } from './full/hostile/hear-reply.ts'
import { everyForm, type Form, type Heard } from './full/hostile/heard.ts'
import { startHostileLanes, type HostileLanes } from './full/hostile/hostile-lanes.ts'
import { answerInFull } from './full/hostile/hostile-upstream.ts'
import { createRandom } from './full/hostile/random.ts'
import { damageDone, runLanes } from './full/hostile/run-lanes.ts'
import { openSink } from './full/hostile/sink.ts'
import { answerFault, createUpstreamAnswer } from './full/hostile/upstream-answers.ts'
import { errorOf } from './read-answer.ts'

const CASES = 100

let lanes: HostileLanes
let sink: Awaited<ReturnType<typeof openSink>>
beforeAll(async () => {
  sink = await openSink()
  lanes = await startHostileLanes({ count: 4, waitSeconds: 5 })
})
afterAll(async () => {
  await lanes.close()
  sink.close()
})

describe('F10: a stream that was damaged, or makes no sense', () => {
  it(
    'is an exact prefix and then an error in each API, and never looks complete',
    { timeout: 60_000 },
    async () => {
      const { done, statuses } = await runLanes(lanes, {
        seed: 10,
        count: CASES,
        create(random) {
          const { damage, stream } = createDamagedAnswer(random)
          const moves = answerInFull(stream, random)
          return { name: damage, moves, faultOf: (form, heard) => faultOf(form, stream, heard) }
        },
      })
      expect(done).toBe(CASES)
      expect(new Set(statuses.keys())).toEqual(new Set([200, 502]))
      expect(await damageDone(lanes)).toEqual([])
    },
  )
})

/** Nothing, and the error. */
function failed(form: Form): Heard {
  const { status, type } = errorOf(form.path, 'interrupted')
  const error = { type, message: 'The answer broke off.' }
  const nothing = { text: '', calls: [], wholeCalls: 0, end: undefined, repairs: '' }
  return { status: form.stream ? 200 : status, ...nothing, error }
}

describe('what judges F10', () => {
  const answers = Array.from({ length: CASES }, (_, seed) => createDamagedAnswer(createRandom(seed)).stream)
  const streamed = everyForm.filter(({ stream }) => stream)

  it.each(everyForm)('takes no failure of a whole answer: $path, stream: $stream', (form) => {
    const whole = answers.filter((stream) => hearReply([stream]).end !== undefined)
    expect(whole.length).toBeGreaterThan(CASES / 10)
    expect(whole.filter((stream) => faultOf(form, stream, failed(form)) === undefined)).toEqual([])
  })

  it.each(streamed)('asks for all that a stream said before it failed: $path', (form) => {
    const cut = answers
      .map((stream) => ({ stream, ...hearReply([stream]) }))
      .filter(({ end, text }) => end === undefined && text !== '')
    expect(cut.length).toBeGreaterThan(CASES / 10)
    const judge = (stream: Buffer, text: string) => faultOf(form, stream, { ...failed(form), text })
    expect(cut.filter(({ stream, text }) => judge(stream, text) !== undefined)).toEqual([])
    expect(cut.filter(({ stream, text }) => judge(stream, text.slice(0, -1)) === undefined)).toEqual([])
  })
})

describe('F11: an answer over HTTP as none should be', () => {
  it('is told as a failure of the service, and leads nowhere else', { timeout: 60_000 }, async () => {
    const { done, statuses } = await runLanes(lanes, {
      seed: 11,
      count: CASES,
      create(random) {
        const answer = createUpstreamAnswer(random, sink.url)
        return { ...answer, faultOf: (form, heard) => answerFault(form, answer, heard) }
      },
    })
    expect(done).toBe(CASES)
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 502]))
    expect(sink.visits()).toBe(0)
    expect(await damageDone(lanes)).toEqual([])
  })
})
