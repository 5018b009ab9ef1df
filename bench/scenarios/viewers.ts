/**
 * What it costs clients that operators look on: how long tokens of the same streams take on their way, in turns with
 * pages that watch and without; and what the pages cost the gateway.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Contestant } from '../lab/lab.ts'
import { runPaced } from '../load/paced.ts'
import { percentile } from '../statistics.ts'
import { meterCpu, wrongOf, type Sample, type Scenario } from './scenario.ts'

const VIEWERS = 20
const STREAMS = 100
const TOKENS_PER_SECOND = 50
const OPENING_MS = 2000
/** Long enough for a look or two and ten thousand tokens, short enough that whatever else happens meets both kinds. */
const TURN_MS = 2200
/** Of each turn: pages come and go. */
const SETTLING_MS = 200
/** As one turn differs from the next by a third, though nothing has changed. */
const PAIRS = 40
/** Pages take a while to open. */
const SLACK = 1.2
const PLAY_MS = 2 * OPENING_MS + PAIRS * 2 * TURN_MS * SLACK
const MS_PER_SECOND = 1000

interface Turn {
  latencies: number[]
  cpuSeconds: number
}

type Listen = (latencies: number[] | undefined) => void

export const viewers: Scenario = {
  name: 'viewers',
  async run(lab) {
    const tokens = (TOKENS_PER_SECOND * PLAY_MS) / MS_PER_SECOND
    await lab.behave({ tokens, tokensPerSecond: TOKENS_PER_SECOND, tokensPerWrite: 1, stream: true })
    const contestant = await lab.start('ours')
    try {
      let heard: number[] | undefined
      const playing = runPaced({
        client: contestant.client,
        streams: STREAMS,
        tokens,
        openingMs: OPENING_MS,
        onToken: (latencyMs) => heard?.push(latencyMs),
      })
      await sleep(2 * OPENING_MS)
      const samples = await takeTurns(contestant, (latencies) => (heard = latencies))
      return [{ contestant: 'ours', samples: [...samples, wrongOf(contestant, await playing)] }]
    } finally {
      await contestant.stop()
    }
  },
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
  const latencies: number[] = []
  await sleep(SETTLING_MS)
  listen(latencies)
  const [cpuSeconds] = await meterCpu(contestant, () => sleep(TURN_MS - SETTLING_MS))
  listen(undefined)
  leave?.()
  return { latencies, cpuSeconds }
}

function compare(alone: Turn, watched: Turn): Sample {
  const seconds = (TURN_MS - SETTLING_MS) / MS_PER_SECOND
  return {
    'viewers-p99': percentile(watched.latencies, 0.99) / percentile(alone.latencies, 0.99),
    'viewers-cpu': ((watched.cpuSeconds - alone.cpuSeconds) * MS_PER_SECOND) / seconds / VIEWERS,
  }
}

async function openPages({ client }: Contestant): Promise<() => void> {
  const pages = await Promise.all(Array.from({ length: VIEWERS }, () => client.watch('/v2/feed')))
  return () => pages.forEach((leave) => leave())
}
