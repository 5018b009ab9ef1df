/** A page of the console that is left open: it watches the feed, is loaded anew now and then, and reads what its pages show. */
import { z } from 'zod'

const snapshot = z.looseObject({ inFlight: z.number(), waiting: z.number() })

export interface ConsolePage {
  /** One more of the pages is opened. */
  visit(): Promise<void>
  /** Leaves the feed and begins it anew. */
  reload(): void
  counts(): { snapshots: number; reads: number; complaints: readonly string[] }
  /** Nothing more is looked for: the gateway is about to end. */
  rest(): void
  /** Of the newest snapshot. */
  latest(): z.output<typeof snapshot> | undefined
  close(): void
}

export function createConsolePage(url: string, token: string): ConsolePage {
  const headers = { authorization: `Bearer ${token}` }
  const complaints: string[] = []
  let [snapshots, reads] = [0, 0]
  let latest: z.output<typeof snapshot> | undefined
  let gone = new AbortController()
  let isResting = false
  let next = 0

  async function watch(signal: AbortSignal): Promise<void> {
    try {
      const answer = await fetch(`${url}/v2/feed`, { headers, signal })
      let text = ''
      for await (const piece of (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
        text += piece
        const events = text.split('\n\n')
        text = events.pop() ?? ''
        events.forEach(take)
      }
      if (!signal.aborted && !isResting) complaints.push('the feed ended')
    } catch (error) {
      if (!signal.aborted && !isResting) complaints.push(`the feed broke: ${String(error)}`)
    }
  }

  function take(event: string): void {
    const [, data] = /^event: snapshot\ndata: (.*)$/.exec(event) ?? []
    if (data === undefined) return
    snapshots += 1
    latest = snapshot.parse(JSON.parse(data))
  }

  async function read(path: string): Promise<void> {
    const answer = await fetch(`${url}${path}`, { headers })
    await answer.arrayBuffer()
    reads += 1
    if (answer.status !== 200) complaints.push(`${path} answered ${answer.status}`)
  }

  void watch(gone.signal)
  return {
    async visit() {
      const paths = pages[next % pages.length]?.(Date.now()) ?? []
      next += 1
      await Promise.all(paths.map(read))
    },
    reload() {
      gone.abort()
      gone = new AbortController()
      void watch(gone.signal)
    },
    counts: () => ({ snapshots, reads, complaints }),
    rest: () => void (isResting = true),
    latest: () => latest,
    close: () => gone.abort(),
  }
}

const HOUR_MS = 3_600_000
const toText = (at: number) => new Date(at).toISOString()

const pages: readonly ((now: number) => string[])[] = [
  () => ['/v2/traffic?range=15m', '/v2/traffic/top?range=1h', '/v2/quota', '/v2/health-checks'],
  (now) => [
    '/v2/calls?limit=100',
    `/v2/calls/histogram?since=${toText(now - HOUR_MS)}&until=${toText(now)}`,
    '/v2/keys',
  ],
  () => ['/v2/accounts/page?limit=100', '/v2/traffic/accounts', '/v2/auth'],
  () => ['/v2/traffic?range=24h', '/v2/events?limit=50', '/v2/events/verify'],
  () => ['/v2/settings', '/v2/system', '/v2/captures', '/v2/models'],
]
