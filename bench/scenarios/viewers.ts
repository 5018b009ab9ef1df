/**
 * What it costs clients that operators look on. Twenty pages are served once a second, in a few milliseconds: tokens that are on their way
 * then are compared with those of the same second that meet no page, since one second differs from the next by a third though nothing
 * has changed. What is spread over the second, that does not show: so there are turns with pages and without too, which scatter much more.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Contestant } from '../lab/lab.ts'
import { runPaced } from '../load/paced.ts'
import { percentile } from '../statistics.ts'
import { p99WithServings, type SentToken } from './servings.ts'
import { meterCpu, wrongOf, type Sample, type Scenario } from './scenario.ts'

const VIEWERS = 20
const STREAMS = 100
const TOKENS_PER_SECOND = 50
const OPENING_MS = 2000
/** Two servings and ten thousand tokens. */
const LOOK_MS = 2000
const LOOKS = 40
const TURN_MS = 2200
/** Of each turn: pages come and go. */
const SETTLING_MS = 200
const PAIRS = 25
/** Pages take a while to open. */
const SLACK = 1.2
const PLAY_MS = 2 * OPENING_MS + (LOOKS * LOOK_MS + PAIRS * 2 * TURN_MS) * SLACK
const MS_PER_SECOND = 1000

type Listen = (tokens: SentToken[] | undefined) => void

interface Turn {
  p99Ms: number
  /** Of CPU that the gateway takes in one. */
  seconds: number
}

export const viewers: Scenario = {
  name: 'viewers',
  async run(lab) {
    const tokens = (TOKENS_PER_SECOND * PLAY_MS) / MS_PER_SECOND
    await lab.behave({ tokens, tokensPerSecond: TOKENS_PER_SECOND, tokensPerWrite: 1, stream: true })
    const contestant = await lab.start('ours')
    try {
      let heard: SentToken[] | undefined
      const playing = runPaced({
        client: contestant.client,
        streams: STREAMS,
        tokens,
        openingMs: OPENING_MS,
        onToken: (latencyMs) => heard?.push({ sentAt: performance.now() - latencyMs, latencyMs }),
      })
      await sleep(2 * OPENING_MS)
      const listen: Listen = (list) => (heard = list)
      const looks = await look(contestant, listen)
      const turns = await takeTurns(contestant, listen)
      return [{ contestant: 'ours', samples: [...looks, ...turns, wrongOf(contestant, await playing)] }]
    } finally {
      await contestant.stop()
    }
  },
}

/** All pages stay open. */
async function look(contestant: Contestant, listen: Listen): Promise<Sample[]> {
  const servedAt: number[] = []
  const leave = await openPages(contestant, () => servedAt.push(performance.now()))
  const looks: SentToken[][] = []
  for (let each = 0; each < LOOKS; each += 1) {
    const tokens: SentToken[] = []
    listen(tokens)
    await sleep(LOOK_MS)
    looks.push(tokens)
  }
  listen(undefined)
  leave()
  return looks.map((tokens) => ({ 'viewers-serving-p99': p99WithServings(tokens, servedAt) }))
}

async function takeTurns(contestant: Contestant, listen: Listen): Promise<Sample[]> {
  const samples: Sample[] = []
  for (let pair = 0; pair < PAIRS; pair += 1) {
    // Either kind comes first as often, since the machine may become slower, or faster, all the while.
    const isAloneFirst = pair % 2 === 0
    const first = await takeTurn(contestant, { listen, isWatched: !isAloneFirst })
    const second = await takeTurn(contestant, { listen, isWatched: isAloneFirst })
    samples.push(isAloneFirst ? compare(first, second) : compare(second, first))
  }
  return samples
}

async function takeTurn(
  contestant: Contestant,
  { listen, isWatched }: { listen: Listen; isWatched: boolean },
): Promise<Turn> {
  const leave = isWatched ? await openPages(contestant) : undefined
  const tokens: SentToken[] = []
  await sleep(SETTLING_MS)
  listen(tokens)
  const [seconds] = await meterCpu(contestant, () => sleep(TURN_MS - SETTLING_MS))
  listen(undefined)
  leave?.()
  const latenciesMs = tokens.map(({ latencyMs }) => latencyMs)
  return {
    p99Ms: percentile(latenciesMs, 0.99),
    seconds: seconds / ((TURN_MS - SETTLING_MS) / MS_PER_SECOND),
  }
}

function compare(alone: Turn, watched: Turn): Sample {
  return {
    'viewers-p99': watched.p99Ms / alone.p99Ms,
    'viewers-cpu': ((watched.seconds - alone.seconds) * MS_PER_SECOND) / VIEWERS,
  }
}

async function openPages({ client }: Contestant, onServed?: () => void): Promise<() => void> {
  const pages = await Promise.all(Array.from({ length: VIEWERS }, () => client.watch('/v2/feed', onServed)))
  return () => pages.forEach((leave) => leave())
}
