/** Streams whose tokens come at their time, as a model sends them: each is a read, a wake-up and a write of its own. */
import type { Contestant, Lab } from '../lab/lab.ts'
import { peakMegabytesOf } from '../lab/process-accounting.ts'
import { runPaced } from '../load/paced.ts'
import { percentile } from '../statistics.ts'
import { holdContest, lessDirect, meterCpu, wrongOf, type Scenario } from './scenario.ts'

interface Pace {
  streams: number
  tokensPerSecond: number
  tokens: number
  openingMs: number
}

export const paced: Scenario = {
  name: 'paced',
  async run(lab) {
    const pace = { streams: 100, tokensPerSecond: 50, tokens: 150, openingMs: 500 }
    const findings = await comparePaces(lab, pace, 3, async (contestant) => {
      const { seconds, latenciesMs, ...tally } = await play(contestant, pace)
      return {
        'paced-cpu': (seconds / (pace.streams * pace.tokens)) * 1e6,
        'paced-latency-p50': percentile(latenciesMs, 0.5),
        'paced-latency-p99': percentile(latenciesMs, 0.99),
        ...(contestant.pid !== undefined && { 'paced-memory': peakMegabytesOf(contestant.pid) }),
        ...wrongOf(contestant, tally),
      }
    })
    return lessDirect(findings, ['paced-latency-p50', 'paced-latency-p99'])
  },
}

export const crowd: Scenario = {
  name: 'crowd',
  async run(lab) {
    const pace = { streams: 1000, tokensPerSecond: 10, tokens: 30, openingMs: 1500 }
    const findings = await comparePaces(lab, pace, 2, async (contestant) => {
      const { latenciesMs, ...tally } = await play(contestant, pace)
      return {
        'crowd-failed': tally.wrong,
        'crowd-latency-p50': percentile(latenciesMs, 0.5),
        ...(contestant.pid !== undefined && { 'crowd-memory': peakMegabytesOf(contestant.pid) }),
        ...wrongOf(contestant, tally),
      }
    })
    return lessDirect(findings, ['crowd-latency-p50'])
  },
}

type Window = Parameters<typeof holdContest>[1]['window']

async function comparePaces(lab: Lab, pace: Pace, rounds: number, window: Window) {
  const { tokens, tokensPerSecond } = pace
  const behaviour = { tokens, tokensPerSecond, tokensPerWrite: 1, stream: true }
  await lab.behave(behaviour)
  return holdContest(lab, {
    contestants: ['ours', 'pass', 'min', 'direct'],
    rounds,
    warmUp: (contestant) => play(contestant, { ...pace, streams: pace.streams / 5, openingMs: 200 }),
    window,
  })
}

async function play(contestant: Contestant, { streams, tokens, openingMs }: Pace) {
  const { client } = contestant
  const [seconds, result] = await meterCpu(contestant, () => runPaced({ client, streams, tokens, openingMs }))
  return { seconds, ...result }
}
