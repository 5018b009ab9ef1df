/** A service that is damaged or hostile: F10 and F11 at a small count; test/full/upstream-http.ts and event-stream.ts have the large ones. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDamagedAnswer, faultOf } from './full/hostile/damaged-answers.ts'
import { startHostileLanes, type HostileLanes } from './full/hostile/hostile-lanes.ts'
import { answerInFull } from './full/hostile/hostile-upstream.ts'
import { damageDone, runLanes } from './full/hostile/run-lanes.ts'
import { openSink } from './full/hostile/sink.ts'
import { answerFault, createUpstreamAnswer } from './full/hostile/upstream-answers.ts'

const CASES = 100

let lanes: HostileLanes
let sink: Awaited<ReturnType<typeof openSink>>
beforeAll(async () => {
  sink = await openSink()
  lanes = await startHostileLanes({ count: 4, waitSeconds: 2 })
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
