import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { doInTurn } from './do-in-turn.ts'

describe('doing in turn', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  it('gives each piece a task of its own, in the order given', () => {
    const done: string[] = []
    for (const name of ['first', 'second', 'third']) doInTurn(() => done.push(name))
    expect(done).toStrictEqual([])
    vi.advanceTimersToNextTimer()
    expect(done).toStrictEqual(['first'])
    vi.runAllTimers()
    expect(done).toStrictEqual(['first', 'second', 'third'])
  })

  it('leaves out what is no longer wanted, and does what comes after it', () => {
    const done: string[] = []
    const leave = doInTurn(() => done.push('left'))
    leave()
    doInTurn(() => done.push('kept'))
    vi.runAllTimers()
    expect(done).toStrictEqual(['kept'])
  })

  it('goes on after a piece that fails', () => {
    const done: string[] = []
    doInTurn(() => {
      throw new Error('It cannot be drawn.')
    })
    doInTurn(() => done.push('after'))
    expect(() => vi.runAllTimers()).toThrow('It cannot be drawn.')
    vi.runAllTimers()
    expect(done).toStrictEqual(['after'])
  })

  it('leaves out what an earlier piece has made unwanted', () => {
    const done: string[] = []
    const leaving: (() => void)[] = []
    doInTurn(() => leaving.forEach((leave) => leave()))
    leaving.push(doInTurn(() => done.push('left')))
    doInTurn(() => done.push('kept'))
    vi.runAllTimers()
    expect(done).toStrictEqual(['kept'])
  })
})
