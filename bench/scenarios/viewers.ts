/**
 * What it costs clients that operators look on: how long tokens of the same streams take on their way, in turns with
 * pages that watch and without.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Contestant } from '../lab/lab.ts'
import { runPaced } from '../load/paced.ts'
import { percentile } from '../statistics.ts'
import { wrongOf, type Sample, type Scenario } from './scenario.ts'

const VIEWERS = 20
const STREAMS = 100
const TOKENS_PER_SECOND = 50
const OPENING_MS = 2000
/** Long enough for a few looks, short enough that whatever else happens meets both kinds. */
const TURN_MS = 4000
/** Of each turn: pages come and go. */
const SETTLING_MS = 500
const GROUPS = 5
const PAIRS_IN_GROUP = 4
const PLAY_MS = 2 * OPENING_MS + GROUPS * PAIRS_IN_GROUP * 2 * TURN_MS

export const viewers: Scenario = {
  name: 'viewers',
  async run(lab) {
    const tokens = (TOKENS_PER_SECOND * PLAY_MS) / 1000
    await lab.behave({ tokens, tokensPerSecond: TOKENS_PER_SECOND, tokensPerWrite: 1, stream: true })
    const contestant = await lab.start('ours')
    try {
      let turn: number[] | undefined
      const playing = runPaced({
        client: contestant.client,
        streams: STREAMS,
        tokens,
        openingMs: OPENING_MS,
        onToken: (latencyMs) => turn?.push(latencyMs),
      })
      await sleep(2 * OPENING_MS)
      const samples = await takeTurns(contestant, (latencies) => (turn = latencies))
      return [{ contestant: 'ours', samples: [...samples, wrongOf(contestant, await playing)] }]
    } finally {
      await contestant.stop()
    }
  },
}

async function takeTurns(
  contestant: Contestant,
  listen: (latencies: number[] | undefined) => void,
): Promise<Sample[]> {
  const samples: Sample[] = []
  for (let group = 0; group < GROUPS; group += 1) {
    const watched: number[] = []
    const alone: number[] = []
    for (let pair = 0; pair < PAIRS_IN_GROUP; pair += 1) {
      const leave = await openPages(contestant)
      await listenFor(watched, listen)
      leave()
      await listenFor(alone, listen)
    }
    samples.push({ 'viewers-p99': percentile(watched, 0.99) / percentile(alone, 0.99) })
  }
  return samples
}

async function listenFor(
  latencies: number[],
  listen: (latencies: number[] | undefined) => void,
): Promise<void> {
  await sleep(SETTLING_MS)
  listen(latencies)
  await sleep(TURN_MS - SETTLING_MS)
  listen(undefined)
}

async function openPages({ client }: Contestant): Promise<() => void> {
  const pages = await Promise.all(Array.from({ length: VIEWERS }, () => client.watch('/v2/feed')))
  return () => pages.forEach((leave) => leave())
}
