/** An open page whose feed the test makes: hours of it in a minute, and what they cost. */
import type { CDPSession, Page } from 'playwright-core'
import type { FeedSnapshot } from '../../src/http/admin/feed/feed-event.ts'
import { noRequests } from '../../src/http/admin/feed/no-requests.ts'

/** For the visit: stands in for the connection, and hands on what it is given. */
export const feedScript = `
  window.EventSource = class extends EventTarget {
    constructor() {
      super()
      // Not the one that whoever looks over the page's shoulder listens with.
      this.addEventListener = (name, listener) => EventTarget.prototype.addEventListener.call(this, name, listener)
      window.fedFeed = this
      setTimeout(() => this.dispatchEvent(new Event('open')))
    }
    close() {}
  }
  window.feed = async (snapshots) => {
    for (const snapshot of snapshots) {
      window.fedFeed.dispatchEvent(new MessageEvent('snapshot', { data: JSON.stringify(snapshot) }))
      await new Promise((resolve) => setTimeout(resolve))
    }
  }
`

const AT_ONCE = 300

/** One for each second from then on. */
export async function feedSeconds(page: Page, from: number, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, seconds - second) }, (_, place) =>
      snapshotAt(from + (second + place) * 1000),
    )
    await page.evaluate(`window.feed(${JSON.stringify(some)})`)
  }
}

function snapshotAt(at: number): FeedSnapshot {
  const second = Math.floor(at / 1000)
  const counts = { ...noRequests, ok: second % 7, shed: second % 3, outputTokens: second % 100 }
  const times = { firstTokenP50Ms: 100 + (second % 50), firstTokenP95Ms: 400, firstTokenP99Ms: 900 }
  return {
    at: new Date(at).toISOString(),
    accounts: { total: 12, ready: 9 + (second % 2), byStatus: { ready: 9 + (second % 2), cooling: 3 } },
    inFlight: second % 9,
    waiting: second % 2,
    lastMinute: { ...counts, ...times },
    lastHour: { ...counts, ok: 1000 + (second % 100), ...times },
    seconds: Array.from({ length: 10 }, (_, place) => ({
      ...counts,
      ...times,
      at: new Date((second - 9 + place) * 1000).toISOString(),
      ok: (second + place) % 7,
    })),
    flow: {
      count: second % 9,
      limit: 20,
      waiting: second % 2,
      oldestSeconds: second % 90,
      accounts: Array.from({ length: second % 6 }, (_, place) => ({
        accountId: `account-${place}`,
        count: place + 1,
      })),
    },
    warnings: [],
  }
}

export interface Cost {
  heapBytes: number
  nodes: number
  listeners: number
  /** What the page has worked so far, by the clock of its thread: what else the machine does does not count. */
  busySeconds: number
}

/** After a collection of what nothing holds any more. */
export async function measureCost(session: CDPSession): Promise<Cost> {
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  for (let round = 0; round < 3; round += 1) await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters')
  const { metrics } = await session.send('Performance.getMetrics')
  return {
    heapBytes: usedSize,
    nodes,
    listeners: jsEventListeners,
    busySeconds: metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN,
  }
}
