import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { createLogWriter } from './log-writer.ts'

function createRig() {
  const written: string[] = []
  const clock = createFakeClock()
  const output = { write: (text: string) => written.push(text), flushSync: () => written.push('(flushed)') }
  return { written, clock, writer: createLogWriter({ output, clock }) }
}

describe('log lines', () => {
  it('of one moment are written at once, in order', () => {
    const { written, clock, writer } = createRig()
    writer.write('one\n')
    writer.write('two\n')
    expect(written).toEqual([])
    clock.advance(10)
    writer.write('three\n')
    clock.advance(10)
    expect(written).toEqual(['one\ntwo\n', 'three\n'])
  })

  it('do not wait once there are many', () => {
    const { written, writer } = createRig()
    const line = `${'x'.repeat(9000)}\n`
    writer.write(line)
    writer.write(line)
    expect(written).toEqual([line + line])
  })

  it('are all written before the program ends, each once', () => {
    const { written, clock, writer } = createRig()
    writer.write('last words\n')
    writer.flushSync()
    clock.advance(1000)
    expect(written).toEqual(['last words\n', '(flushed)'])
  })
})
