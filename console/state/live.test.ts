import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connectFeed, isLinkDown, liveState, pauseFeed, whenNews } from './live.ts'

/** What the browser would connect with. */
class FakeSource extends EventTarget {
  static latest: FakeSource | undefined
  constructor() {
    super()
    FakeSource.latest = this
  }
  close(): void {}
}

const open = () => FakeSource.latest?.dispatchEvent(new Event('open'))
const fail = () => FakeSource.latest?.dispatchEvent(new Event('error'))

describe('the feed', () => {
  beforeEach(() => {
    vi.stubGlobal('window', globalThis)
    vi.stubGlobal('EventSource', FakeSource)
  })
  afterEach(() => {
    pauseFeed()
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  it('is down from its first failure until it is open, also while it is tried again', () => {
    vi.useFakeTimers()
    const seen: [string, boolean][] = []
    const look = () => seen.push([liveState.value.kind, isLinkDown.value])
    connectFeed()
    look()
    fail()
    look()
    vi.advanceTimersByTime(1000)
    look()
    open()
    look()
    expect(seen).toEqual([
      ['connecting', false],
      ['waiting', true],
      ['connecting', true],
      ['open', false],
    ])
  })

  it('asks for all again when it goes on after a pause', () => {
    connectFeed()
    open()
    let asked = 0
    const stop = whenNews(['accounts'], () => (asked += 1))
    expect(asked).toBe(1)
    pauseFeed()
    expect(liveState.value.kind).toBe('paused')
    connectFeed()
    expect(asked).toBe(1)
    open()
    expect({ asked, state: liveState.value.kind }).toEqual({ asked: 2, state: 'open' })
    stop()
  })
})
