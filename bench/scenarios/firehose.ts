/** Long answers as fast as the upstream can send them: what a token costs. */
import type { Contestant, Lab } from '../lab/lab.ts'
import { runClosedLoop } from '../load/closed-loop.ts'
import { chatRequest } from '../load/requests.ts'
import type { Metric } from '../targets.ts'
import { exchangeStream } from './exchanges.ts'
import { holdContest, meterCpu, wrongOf, type Scenario } from './scenario.ts'

const TOKENS = 5000
const AT_ONCE = 4
const ROUNDS = 5

export const firehose: Scenario = {
  name: 'firehose',
  async run(lab) {
    return [
      ...(await compareFirehoses(lab, { tokensPerWrite: 1, answers: 12, metric: 'firehose-cpu' })),
      ...(await compareFirehoses(lab, { tokensPerWrite: 16, answers: 30, metric: 'firehose-batched-cpu' })),
    ]
  },
}

interface Firehose {
  tokensPerWrite: number
  answers: number
  metric: Metric
}

async function compareFirehoses(lab: Lab, { tokensPerWrite, answers, metric }: Firehose) {
  await lab.behave({ tokens: TOKENS, tokensPerWrite, stream: true })
  const request = chatRequest(true)
  const load = ({ client }: Contestant) =>
    runClosedLoop({
      requests: answers,
      atOnce: AT_ONCE,
      run: () => exchangeStream(client, request, { tokens: TOKENS }),
    })
  return holdContest(lab, {
    contestants: ['ours', 'pass', 'min'],
    rounds: ROUNDS,
    warmUp: load,
    async window(contestant) {
      const [seconds, tally] = await meterCpu(contestant, () => load(contestant))
      return { [metric]: (seconds / (answers * TOKENS)) * 1e6, ...wrongOf(contestant, tally) }
    },
  })
}
