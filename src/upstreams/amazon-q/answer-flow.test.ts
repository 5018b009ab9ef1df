import { describe, expect, it } from 'vitest'
import { createAnswerFlow } from './answer-flow.ts'

function start() {
  const asked: string[] = []
  const heard: string[] = []
  const flow = createAnswerFlow({
    pause: () => void asked.push('pause'),
    resume: () => void asked.push('resume'),
    abort: () => void asked.push('abort'),
  })
  const push = (text: string) => flow.push(Buffer.from(text))
  const read = (onTake = () => {}) =>
    flow.body.read({
      take(pieces) {
        heard.push(pieces.map((piece) => Buffer.from(piece).toString()).join('|'))
        onTake()
      },
      end: () => void heard.push('END'),
      fail: (cause) => void heard.push(`FAIL ${cause instanceof Error ? cause.message : ''}`),
    })
  return { flow, asked, heard, push, read }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

describe('the flow of an answer', () => {
  it('hands over at once what one read of the socket brought', async () => {
    const { flow, heard, push, read } = start()
    read()
    push('a')
    push('b')
    await nextTurn()
    push('c')
    flow.end()
    await nextTurn()
    expect(heard).toEqual(['a|b', 'c', 'END'])
  })

  it('loses nothing that comes before its reader, and keeps little of it', async () => {
    const { flow, asked, heard, push, read } = start()
    push('a')
    expect(asked).toEqual([])
    push('b'.repeat(65_536))
    expect(asked).toEqual(['pause'])
    flow.end()
    await nextTurn()
    expect(heard).toEqual([])
    read()
    await nextTurn()
    expect(heard).toEqual([`a|${'b'.repeat(65_536)}`, 'END'])
  })

  it('lets the source go on when a large read was taken', async () => {
    const { asked, push, read } = start()
    read()
    push('a'.repeat(65_537))
    await nextTurn()
    expect(asked).toEqual(['resume', 'pause', 'resume'])
  })

  it('says nothing to a reader that pauses, not even the end', async () => {
    const { flow, asked, heard, push, read } = start()
    read(() => flow.body.pause())
    push('a')
    await nextTurn()
    push('b')
    flow.end()
    await nextTurn()
    expect(heard).toEqual(['a'])
    expect(asked.at(-1)).toBe('pause')

    flow.body.resume()
    await nextTurn()
    expect(heard).toEqual(['a', 'b'])
    flow.body.resume()
    await nextTurn()
    expect(heard).toEqual(['a', 'b', 'END'])
  })

  it('wakes no source that has nothing more to bring', async () => {
    const { flow, asked, push, read } = start()
    push('a')
    flow.end()
    read()
    flow.body.pause()
    flow.body.resume()
    await nextTurn()
    expect(asked).toEqual(['pause'])
  })

  it('fails after what came before the failure, and once', async () => {
    const { flow, heard, push, read } = start()
    read()
    push('a')
    flow.fail(new Error('reset'))
    flow.fail(new Error('again'))
    flow.end()
    await nextTurn()
    expect(heard).toEqual(['a', 'FAIL reset'])
  })

  it('gives the source up when its reader does, and is silent then', async () => {
    const { flow, asked, heard, push, read } = start()
    read(() => flow.body.destroy())
    push('a')
    await nextTurn()
    push('b')
    flow.fail(new Error('aborted'))
    flow.body.destroy()
    await nextTurn()
    expect(heard).toEqual(['a'])
    expect(asked).toEqual(['resume', 'abort'])
  })

  it('gives nothing up that has ended', async () => {
    const { flow, asked, read } = start()
    flow.end()
    read()
    await nextTurn()
    flow.body.destroy()
    expect(asked).toEqual([])
  })
})
