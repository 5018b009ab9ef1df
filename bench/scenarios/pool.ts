/**
 * What it costs a request that there is an account to be chosen: the same load on a gateway with many, and on two with
 * one. How the two differ tells what of that is chance: each process is compiled in its own way.
 */
import type { Contestant } from '../lab/lab.ts'
import { runClosedLoop } from '../load/closed-loop.ts'
import { chatRequest } from '../load/requests.ts'
import { exchangeStream } from './exchanges.ts'
import { holdContest, meterCpu, wrongOf, type Sample, type Scenario } from './scenario.ts'

const TOKENS = 20
const AT_ONCE = 16
/** A few per cent are to be told: many short rounds, whose median minds no neighbour. */
const ROUNDS = 40
const REQUESTS = 400
/** Until all is compiled (see short-answers.ts), and the service has been asked about each account. */
const WARM_UP_REQUESTS = 25_000

export const pool: Scenario = {
  name: 'pool',
  async run(lab) {
    await lab.behave({ tokens: TOKENS, tokensPerWrite: 1, stream: true })
    const findings = await holdContest(lab, {
      contestants: ['ours', 'pool', 'ours'],
      rounds: ROUNDS,
      warmUp: (contestant) => load(contestant, WARM_UP_REQUESTS),
      async window(contestant) {
        const [seconds, tally] = await meterCpu(contestant, () => load(contestant, REQUESTS))
        return { 'pool-cpu': seconds, ...wrongOf(contestant, tally) }
      },
    })
    const [first = [], among = [], second = []] = findings.map(({ samples }) => samples)
    const samples = among.map((sample, round): Sample => {
      const [one, other] = [costOf(first[round]), costOf(second[round])]
      return {
        ...sample,
        'pool-cpu': costOf(sample) / ((one + other) / 2),
        'pool-chance': other / one,
      }
    })
    return [{ contestant: 'ours', samples }]
  },
}

function load({ client }: Contestant, requests: number) {
  const request = chatRequest(true)
  return runClosedLoop({
    requests,
    atOnce: AT_ONCE,
    run: () => exchangeStream(client, request, { tokens: TOKENS }),
  })
}

function costOf(sample: Sample | undefined): number {
  return sample?.['pool-cpu'] ?? Number.NaN
}
