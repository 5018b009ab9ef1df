import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../test/fake-clock.ts'
import { toKeptCall, type KeptCall } from '../../calls/kept-call.ts'
import { sampleEndedCall } from '../../calls/sample-ended-call.ts'
import { exportCalls } from './export-calls.ts'

/** A log without end. */
function start(changes: Partial<KeptCall> = {}, pages = Infinity) {
  const clock = createFakeClock()
  let asked = 0
  const callLog = {
    list: async (_: unknown, { limit }: { limit: number }) => {
      asked += 1
      const calls = Array.from({ length: limit }, (_each, index) => ({
        ...toKeptCall(sampleEndedCall(`${asked} ${index}`)),
        ...changes,
      }))
      return { calls, nextCursor: asked < pages ? String(asked) : undefined }
    },
  }
  async function gather(format: 'csv' | 'ndjson') {
    const lines = exportCalls({ callLog, clock }, { filter: {}, format })
    let text = ''
    for (;;) {
      const piece = lines.next()
      await new Promise((resolve) => setImmediate(resolve))
      clock.advance(1)
      const { value, done } = await piece
      if (done === true) return text
      text += value
    }
  }
  return { gather, asked: () => asked }
}

describe('calls as a file', () => {
  it('are lines of JSON, without how each went', async () => {
    const text = await start({}, 2).gather('ndjson')
    const lines = text.trimEnd().split('\n')
    expect(lines).toHaveLength(400)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      id: '1 0',
      at: '2026-11-22T10:00:00.000Z',
      status: 200,
    })
    expect(text).not.toContain('course')
  })

  it('are a table, in which no cell is a formula', async () => {
    const text = await start({ model: '=1+1', repairs: ['a', 'b'], client: null }, 1).gather('csv')
    const lines = text.trimEnd().split('\r\n')
    expect(lines).toHaveLength(201)
    expect(lines[0]).toMatch(/^id,at,outcome,/)
    expect(lines[1]).toMatch(/^1 0,2026-11-22T10:00:00.000Z,ok,200,,/)
    expect(lines[1]).toContain(`"'=1+1"`)
    expect(lines[1]).toContain('a b')
  })

  it('are a hundred thousand at most', async () => {
    const { gather, asked } = start()
    const text = await gather('csv')
    expect(text.split('\r\n')).toHaveLength(100_002)
    expect(asked()).toBe(500)
  })
})
