import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../../test/fake-clock.ts'
import type { FeedSnapshot } from './feed-event.ts'
import { createFeed, type FeedTopic } from './feed.ts'
import { noRequests } from './no-requests.ts'

const soon = () => new Promise((resolve) => setImmediate(resolve))

function start() {
  const clock = createFakeClock()
  const marks: Record<FeedTopic, number> = { accounts: 1, keys: 1, events: 1, 'sign-ins': 1 }
  const broken = { snapshot: false, marks: false }
  const reports: unknown[] = []
  let made = 0
  const feed = createFeed({
    async readSnapshot(): Promise<FeedSnapshot> {
      if (broken.snapshot) throw new Error('no snapshot')
      made += 1
      const counts = { lastMinute: noRequests, lastHour: noRequests }
      const accounts = { total: 0, ready: 0, byStatus: {} }
      const at = new Date(clock.now()).toISOString()
      const flow = { count: made, limit: null, waiting: 0, oldestSeconds: null, accounts: [] }
      return { at, accounts, inFlight: made, waiting: 0, ...counts, seconds: [], flow, warnings: [] }
    },
    async readMarks() {
      if (broken.marks) throw new Error('no marks')
      return { ...marks }
    },
    clock,
    report: (error) => void reports.push(error),
  })
  function watch() {
    const texts: string[] = []
    const state = { isEnded: false }
    const leave = feed.watch({
      send: (text) => void texts.push(text),
      end: () => void (state.isEnded = true),
    })
    const names = () => [...texts.join('').matchAll(/^event: (.*)$/gm)].map(([, name]) => name)
    const topics = () =>
      [...texts.join('').matchAll(/^event: change\ndata: (.*)$/gm)].map(([, data = '']): unknown =>
        JSON.parse(data),
      )
    return { texts, state, leave, names, topics }
  }
  const tick = async (ms = 1000) => {
    clock.advance(ms)
    await soon()
  }
  return { feed, clock, marks, broken, reports, watch, tick, made: () => made }
}

describe('the feed', () => {
  it('makes one snapshot a second for all who watch, and none for nobody', async () => {
    const { watch, tick, made, clock } = start()
    await tick(5000)
    expect(made()).toBe(0)
    const viewers = [watch(), watch(), watch()]
    await soon()
    for (let second = 0; second < 4; second += 1) await tick()
    expect(made()).toBe(5)
    for (const { texts } of viewers) expect(texts).toEqual(viewers[0]?.texts)
    for (const { leave } of viewers) leave()
    await tick(60_000)
    expect(made()).toBe(5)
    expect(clock.pending()).toBe(0)
  })

  it('shows somebody who comes later the last one at once', async () => {
    const { watch, tick, made } = start()
    watch()
    await soon()
    await tick(400)
    const late = watch()
    expect(late.names()).toEqual(['snapshot'])
    expect(made()).toBe(1)
  })

  it('begins anew with somebody who comes after all have left', async () => {
    const { watch, tick, made } = start()
    watch().leave()
    await soon()
    await tick(1000)
    const next = watch()
    expect(next.texts).toEqual([])
    await soon()
    expect(next.names()).toEqual(['snapshot'])
    expect(made()).toBe(2)
  })

  it('names what has changed, once, and together what changed together', async () => {
    const { watch, tick, marks } = start()
    const { topics } = watch()
    await soon()
    await tick()
    marks.accounts += 1
    marks.events += 2
    await tick()
    await tick()
    marks['sign-ins'] += 1
    await tick()
    expect(topics()).toEqual([{ topics: ['accounts', 'events'] }, { topics: ['sign-ins'] }])
  })

  it('names what has changed while nobody watched', async () => {
    const { watch, tick, marks } = start()
    watch().leave()
    await soon()
    await tick(60_000)
    marks.keys += 1
    const { topics } = watch()
    await soon()
    expect(topics()).toEqual([{ topics: ['keys'] }])
  })

  it.each(['snapshot', 'marks'] as const)(
    'goes on without the %s where it cannot be read, and says so once',
    async (part) => {
      const { watch, tick, broken, reports, marks } = start()
      const { names } = watch()
      await soon()
      broken[part] = true
      marks.keys += 1
      await tick()
      await tick()
      expect(reports).toHaveLength(1)
      broken[part] = false
      await tick()
      broken[part] = true
      await tick()
      expect(reports).toHaveLength(2)
      expect(names().filter((name) => name === 'change')).toHaveLength(1)
      expect(names().filter((name) => name === 'snapshot')).toHaveLength(part === 'snapshot' ? 2 : 5)
    },
  )

  it('sends to many a few at a time, and to none who has left meanwhile', async () => {
    const { watch } = start()
    const viewers = Array.from({ length: 20 }, () => watch())
    await soon()
    const sent = () => viewers.filter(({ texts }) => texts.length > 0).length
    expect(sent()).toBeLessThan(20)
    const last = viewers.at(-1)
    last?.leave()
    for (let turn = 0; turn < 20; turn += 1) await soon()
    expect(sent()).toBe(19)
    expect(last?.texts).toEqual([])
  })

  it('has room for 50', () => {
    const { feed, watch } = start()
    const viewers = Array.from({ length: 50 }, () => watch())
    expect(feed.hasRoom()).toBe(false)
    viewers[0]?.leave()
    expect(feed.hasRoom()).toBe(true)
  })

  it('ends for all when it is closed, and for whoever comes then', async () => {
    const { feed, watch, clock, tick, made } = start()
    const early = watch()
    await soon()
    await feed.close()
    expect(early.state.isEnded).toBe(true)
    expect(watch().state.isEnded).toBe(true)
    await tick(5000)
    expect(made()).toBe(1)
    expect(clock.pending()).toBe(0)
  })
})
