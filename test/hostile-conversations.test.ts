/** What test/full tries by the ten thousand, at a small count. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startChatRig, type ChatRig } from './full/hostile/chat-rig.ts'
import { drawConversation } from './full/hostile/conversations.ts'
import { drawImages } from './full/hostile/images.ts'
import { createRandom } from './full/hostile/random.ts'
import { createRequestJudge } from './full/hostile/request-judge.ts'
import { runHostile } from './full/hostile/run-hostile.ts'
import { drawToolTable } from './full/hostile/tool-tables.ts'

const SEED = 20_261_123
const CASES = 120
const SENT_EVERY = 10
/** The heads of images are looked at, a few bytes at a time. */
const MOST_DECODED = 24_000

const judge = createRequestJudge()

describe('requests in order of form and out of order in what they say', () => {
  let rig: ChatRig
  beforeAll(async () => {
    rig = await startChatRig()
  })
  afterAll(() => rig.close())
  const run = () => ({ seed: SEED, count: CASES, judge, rig, sentEvery: SENT_EVERY })

  it('F6: conversations are refused, or become what the service takes', async () => {
    const sources = { ...judge, longEvery: 0 }
    const { tally } = await runHostile(run(), (seed) => drawConversation(createRandom(seed), sources))
    expect(tally.get('accepted')).toBeGreaterThan(CASES / 3)
  })

  it('F7: tools are refused, or become what the service takes', async () => {
    const { tally } = await runHostile(run(), (seed) => drawToolTable(createRandom(seed)))
    expect(tally.get('accepted')).toBeGreaterThan(CASES / 3)
  })

  it('F8: images that no model can be given are refused, or left out', async () => {
    const { tally } = await runHostile(run(), (seed) => drawImages(createRandom(seed)))
    expect(tally.get('accepted')).toBeGreaterThan(CASES / 4)
    expect(tally.get('refused')).toBeGreaterThan(CASES / 4)
  })
})

describe('an image', () => {
  it('F8: is never decoded as a whole', () => {
    const from = vi.spyOn(Buffer, 'from')
    const decoded: number[] = []
    for (let seed = SEED; seed < SEED + CASES; seed += 1) {
      const { dialect, body } = drawImages(createRandom(seed))
      from.mockClear()
      readAny(() => dialect.readRequest(body, {}))
      const lengths = from.mock.calls.map(([text]: unknown[]) => (typeof text === 'string' ? text.length : 0))
      decoded.push(Math.max(0, ...lengths))
    }
    from.mockRestore()
    expect(Math.max(...decoded)).toBeGreaterThan(0)
    expect(decoded.filter((length) => length > MOST_DECODED)).toEqual([])
  })
})

/** Refusals are welcome. */
function readAny(read: () => unknown): void {
  try {
    read()
  } catch {}
}
