import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { createCaptureDesk } from './capture-desk.ts'
import type { CaptureStore } from './capture-store.ts'
import type { CapturedCall } from './captured-body.ts'
import { createCaptures } from './captures.ts'

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A store whose writing takes until it is told to end. */
function start() {
  const clock = createFakeClock()
  const kept = new Set<string>()
  const writing = Promise.withResolvers<void>()
  const store: CaptureStore = {
    async insert(calls: readonly CapturedCall[]) {
      await writing.promise
      for (const { id } of calls) kept.add(id)
    },
    async purge(_now, tell) {
      const { size } = kept
      tell(size)
      kept.clear()
      return size
    },
    readRevision: async () => 0,
    listRules: async () => [],
    putRule: async () => {},
    removeRule: async () => false,
    endRules: async () => {},
    summarize: async () => ({ calls: kept.size, bytes: 0, oldestAt: undefined, callIds: [...kept] }),
    find: async () => undefined,
    prune: async () => {},
  }
  const captures = createCaptures({
    rules: () => [{ scope: 'all', startedAt: 0, endsAt: Infinity }],
    store,
    keepMs: 1000,
    bounds: { mostCalls: 10, mostBytes: 1e6 },
    clock,
    report: () => {},
  })
  const desk = createCaptureDesk({
    store,
    rules: { reload: async () => {} },
    captures,
    events: { record: async () => {} },
    keepHours: 1,
    clock,
  })
  const call = (id: string) => captures.begin(undefined)?.end({ id, path: '/', body: {}, hasFailed: false })
  return { clock, kept, writing, captures, desk, call }
}

describe('deleting all that was recorded', () => {
  it('leaves nothing that was being stored meanwhile', async () => {
    const { clock, kept, writing, captures, desk, call } = start()
    call('stored')
    clock.advance(250)
    await settle()
    call('waiting')
    const purged = desk.purge({ kind: 'operator', via: 'password' })
    await settle()
    writing.resolve()
    expect(await purged).toBe(1)
    await captures.close()
    expect([...kept]).toEqual([])
  })
})
