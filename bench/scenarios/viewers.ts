/**
 * What it costs clients that operators look on. Twenty pages are served once a second, in a few milliseconds: tokens that are on their way
 * then are compared with those of the same second that meet no page, since one second differs from the next by a third though nothing
 * has changed. What the pages cost the gateway in all is told by turns with them and without.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Contestant } from '../lab/lab.ts'
import { runPaced } from '../load/paced.ts'
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

type Hear = (token: SentToken) => void

export const viewers: Scenario = {
  name: 'viewers',
  async run(lab) {
    const tokens = (TOKENS_PER_SECOND * PLAY_MS) / MS_PER_SECOND
    await lab.behave({ tokens, tokensPerSecond: TOKENS_PER_SECOND, tokensPerWrite: 1, stream: true })
    const contestant = await lab.start('ours')
    try {
      let hear: Hear | undefined
      const playing = runPaced({
        client: contestant.client,
        streams: STREAMS,
        tokens,
        openingMs: OPENING_MS,
        onToken: (latencyMs) => hear?.({ sentAt: performance.now() - latencyMs, latencyMs }),
      })
      await sleep(2 * OPENING_MS)
      const looks = await look(contestant, (next) => (hear = next))
      const turns = await takeTurns(contestant)
      return [{ contestant: 'ours', samples: [...looks, ...turns, wrongOf(contestant, await playing)] }]
    } finally {
      await contestant.stop()
    }
  },
}

/** All pages stay open. */
async function look(contestant: Contestant, listen: (hear: Hear | undefined) => void): Promise<Sample[]> {
  const servedAt: number[] = []
  const leave = await openPages(contestant, () => servedAt.push(performance.now()))
  const looks: SentToken[][] = []
  for (let each = 0; each < LOOKS; each += 1) {
    const tokens: SentToken[] = []
    listen((token) => tokens.push(token))
    await sleep(LOOK_MS)
    looks.push(tokens)
  }
  listen(undefined)
  leave()
  return looks.map((tokens) => ({ 'viewers-p99': p99WithServings(tokens, servedAt) }))
}

async function takeTurns(contestant: Contestant): Promise<Sample[]> {
  const samples: Sample[] = []
  for (let pair = 0; pair < PAIRS; pair += 1) {
    // Either kind comes first as often, since the machine may become slower, or faster, all the while.
    const isAloneFirst = pair % 2 === 0
    const first = await takeTurn(contestant, !isAloneFirst)
    const second = await takeTurn(contestant, isAloneFirst)
    const more = isAloneFirst ? second - first : first - second
    samples.push({ 'viewers-cpu': (more * MS_PER_SECOND) / VIEWERS })
  }
  return samples
}

/** Seconds of CPU that the gateway takes in one. */
async function takeTurn(contestant: Contestant, isWatched: boolean): Promise<number> {
  const leave = isWatched ? await openPages(contestant) : undefined
  await sleep(SETTLING_MS)
  const [seconds] = await meterCpu(contestant, () => sleep(TURN_MS - SETTLING_MS))
  leave?.()
  return seconds / ((TURN_MS - SETTLING_MS) / MS_PER_SECOND)
}

async function openPages({ client }: Contestant, onServed?: () => void): Promise<() => void> {
  const pages = await Promise.all(Array.from({ length: VIEWERS }, () => client.watch('/v2/feed', onServed)))
  return () => pages.forEach((leave) => leave())
}
