import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connectFeed, liveState, pauseFeed, whenNews } from './live.ts'

/** What the browser would connect with. */
class FakeSource extends EventTarget {
  static latest: FakeSource | undefined
  constructor() {
    super()
    FakeSource.latest = this
  }
  close(): void {}
}

function open(): void {
  FakeSource.latest?.dispatchEvent(new Event('open'))
}

describe('the feed', () => {
  beforeEach(() => {
    vi.stubGlobal('window', globalThis)
    vi.stubGlobal('EventSource', FakeSource)
  })
  afterEach(() => {
    pauseFeed()
    vi.unstubAllGlobals()
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
