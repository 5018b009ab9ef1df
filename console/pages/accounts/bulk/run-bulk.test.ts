import { describe, expect, it } from 'vitest'
import { MOST_AT_ONCE, runBulk } from './run-bulk.ts'

function idsOf(count: number) {
  return Array.from({ length: count }, (_, at) => `${at}`)
}

/** Work that ends when it is told to. */
function createDesk() {
  const open = new Map<string, PromiseWithResolvers<void>>()
  return {
    open,
    work: (id: string): Promise<void> => {
      const own = Promise.withResolvers<void>()
      open.set(id, own)
      return own.promise
    },
    async end(id: string, error?: Error): Promise<void> {
      const own = open.get(id)
      open.delete(id)
      if (error === undefined) own?.resolve()
      else own?.reject(error)
      await Promise.resolve()
      await Promise.resolve()
    },
  }
}

describe('one deed for many accounts', () => {
  it('is done for all of them, never for more at once than allowed', async () => {
    let atOnce = 0
    let most = 0
    const { promise, resolve } = Promise.withResolvers<void>()
    const run = runBulk({
      ids: idsOf(50),
      async work() {
        atOnce += 1
        most = Math.max(most, atOnce)
        await Promise.resolve()
        atOnce -= 1
      },
      onOver: () => resolve(),
    })
    await promise
    expect(most).toBe(MOST_AT_ONCE)
    expect(run.progress.value).toMatchObject({ isOver: true, counts: { done: 50, waiting: 0, running: 0 } })
  })

  it('tells of each whether it failed and why', async () => {
    const desk = createDesk()
    const run = runBulk({ ids: idsOf(2), work: desk.work })
    const error = new Error('It is gone.')
    await desk.end('0', error)
    await desk.end('1')
    expect(run.progress.value.rows).toEqual([
      { id: '0', status: 'failed', error },
      { id: '1', status: 'done' },
    ])
  })

  it('begins no more when it is cancelled, and ends what it has begun', async () => {
    const desk = createDesk()
    const run = runBulk({ ids: idsOf(10), work: desk.work })
    run.cancel()
    expect(run.progress.value).toMatchObject({
      isOver: false,
      counts: { running: MOST_AT_ONCE, cancelled: 6 },
    })
    for (const id of Array.from(desk.open.keys())) await desk.end(id)
    expect(desk.open.size).toBe(0)
    expect(run.progress.value).toMatchObject({ isOver: true, counts: { done: MOST_AT_ONCE, cancelled: 6 } })
  })

  it('tries only those again that have not worked', async () => {
    const desk = createDesk()
    const run = runBulk({ ids: idsOf(3), work: desk.work })
    await desk.end('0')
    await desk.end('1', new Error('no'))
    await desk.end('2')
    run.retry()
    expect([...desk.open.keys()]).toEqual(['1'])
    await desk.end('1')
    expect(run.progress.value).toMatchObject({ isOver: true, counts: { done: 3, failed: 0 } })
  })

  it('of nothing is over at once', () => {
    expect(runBulk({ ids: [], work: async () => {} }).progress.value.isOver).toBe(true)
  })
})
