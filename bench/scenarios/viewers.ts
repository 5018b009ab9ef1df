/**
 * What it costs clients that operators look on: twenty pages, each told once a second how the gateway stands. By turns with pages and without,
 * of whole requests, with the time that the model takes, and of what the gateway adds to each token. The latter is less than what a machine that
 * is shared takes away for moments, so that turns of it differ by a third though nothing has changed; beside it there is what tokens that are on
 * their way while pages are served wait longer than others of the same second, which does not see what is spread over the second.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Contestant } from '../lab/lab.ts'
import { keepAsking } from '../load/keep-asking.ts'
import { runPaced } from '../load/paced.ts'
import { percentile } from '../statistics.ts'
import { openPages, PAGES, takeTurns } from './pages.ts'
import { p99WithServings, type SentToken } from './servings.ts'
import { meterCpu, wrongOf, type Sample, type Scenario } from './scenario.ts'

const STREAMS = 100
const TOKENS_PER_SECOND = 50
const OPENING_MS = 2000
/** Two servings and ten thousand tokens. */
const LOOK_MS = 2000
const LOOKS = 20
const TOKEN_TURNS = { pairs: 25, settlingMs: 200, listeningMs: 2000 }
/** As many as when the gateway is compared with others: three seconds by themselves. */
const TOKENS = 150
/** Six servings and two hundred requests. */
const REQUEST_TURNS = { pairs: 20, settlingMs: 3200, listeningMs: 6000 }
/** Pages take a while to open. */
const SLACK = 1.2
const MS_PER_SECOND = 1000

export const viewers: Scenario = {
  name: 'viewers',
  async run(lab) {
    const behaviour = { tokensPerSecond: TOKENS_PER_SECOND, tokensPerWrite: 1, stream: true }
    const contestant = await lab.start('ours')
    try {
      const tokens = Math.ceil((TOKENS_PER_SECOND * playMs()) / MS_PER_SECOND)
      await lab.behave({ ...behaviour, tokens })
      const ofTokens = await watchTokens(contestant, tokens)
      await lab.behave({ ...behaviour, tokens: TOKENS })
      const ofRequests = await watchRequests(contestant)
      return [{ contestant: 'ours', samples: [...ofTokens, ...ofRequests] }]
    } finally {
      await contestant.stop()
    }
  },
}

/** How long there have to be tokens. */
function playMs(): number {
  const { pairs, settlingMs, listeningMs } = TOKEN_TURNS
  return 2 * OPENING_MS + (LOOKS * LOOK_MS + pairs * 2 * (settlingMs + listeningMs)) * SLACK
}

/** Streams that last all the while. */
async function watchTokens(contestant: Contestant, tokens: number): Promise<Sample[]> {
  let heard: SentToken[] | undefined
  const { client } = contestant
  const playing = runPaced({
    client,
    streams: STREAMS,
    tokens,
    openingMs: OPENING_MS,
    onToken: (latencyMs) => heard?.push({ sentAt: performance.now() - latencyMs, latencyMs }),
  })
  const listen = async (ms: number): Promise<SentToken[]> => {
    const list: SentToken[] = []
    heard = list
    await sleep(ms)
    heard = undefined
    return list
  }
  await sleep(2 * OPENING_MS)
  const looks = await lookOnServings(contestant, listen)
  const turns = await takeTurns(contestant, {
    ...TOKEN_TURNS,
    async listen() {
      const [seconds, list] = await meterCpu(contestant, () => listen(TOKEN_TURNS.listeningMs))
      return { seconds, p99Ms: p99Of(list.map(({ latencyMs }) => latencyMs)) }
    },
  })
  const samples = turns.map(({ alone, watched }): Sample => {
    const msMore = (watched.seconds - alone.seconds) * MS_PER_SECOND
    return {
      'viewers-p99': watched.p99Ms / alone.p99Ms,
      'viewers-cpu': msMore / (TOKEN_TURNS.listeningMs / MS_PER_SECOND) / PAGES,
    }
  })
  return [...looks, ...samples, wrongOf(contestant, await playing)]
}

/** All pages stay open. */
async function lookOnServings(
  contestant: Contestant,
  listen: (ms: number) => Promise<SentToken[]>,
): Promise<Sample[]> {
  const servedAt: number[] = []
  const leave = await openPages(contestant, () => servedAt.push(performance.now()))
  const looks: SentToken[][] = []
  for (let each = 0; each < LOOKS; each += 1) looks.push(await listen(LOOK_MS))
  leave()
  return looks.map((tokens) => ({ 'viewers-serving-p99': p99WithServings(tokens, servedAt) }))
}

/** Each answer is followed by the next request. */
async function watchRequests(contestant: Contestant): Promise<Sample[]> {
  let heard: number[] | undefined
  const { client } = contestant
  const load = { client, atOnce: STREAMS, tokens: TOKENS, openingMs: OPENING_MS }
  const stop = keepAsking({ ...load, onAnswer: (ms) => heard?.push(ms) })
  await sleep(2 * OPENING_MS)
  const turns = await takeTurns(contestant, {
    ...REQUEST_TURNS,
    async listen() {
      const list: number[] = []
      heard = list
      await sleep(REQUEST_TURNS.listeningMs)
      heard = undefined
      return p99Of(list)
    },
  })
  const samples = turns.map(({ alone, watched }): Sample => ({ 'viewers-request-p99': watched / alone }))
  return [...samples, wrongOf(contestant, await stop())]
}

function p99Of(values: readonly number[]): number {
  return percentile(values, 0.99)
}
