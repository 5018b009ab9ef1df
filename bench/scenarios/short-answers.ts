/** Many short answers, as streams and as documents: what a request costs. */
import type { Contestant, Lab } from '../lab/lab.ts'
import { runClosedLoop } from '../load/closed-loop.ts'
import { chatRequest } from '../load/requests.ts'
import type { Metric } from '../targets.ts'
import { exchangeDocument, exchangeStream } from './exchanges.ts'
import { holdContest, meterCpu, wrongOf, type Scenario } from './scenario.ts'

const TOKENS = 20
const REQUESTS = 1000
const AT_ONCE = 16
const ROUNDS = 5
/** A gateway runs for weeks: what its first thousands of requests cost more, until all is compiled, is not what it costs. All get as many. */
const WARM_UP_REQUESTS = 25_000

export const streams: Scenario = {
  name: 'streams',
  run: (lab) => compareShortAnswers(lab, { stream: true, metric: 'streams-cpu' }),
}

export const nonStream: Scenario = {
  name: 'non-stream',
  run: (lab) => compareShortAnswers(lab, { stream: false, metric: 'non-stream-cpu' }),
}

async function compareShortAnswers(lab: Lab, { stream, metric }: { stream: boolean; metric: Metric }) {
  await lab.behave({ tokens: TOKENS, tokensPerWrite: 1, stream })
  const request = chatRequest(stream)
  const load = ({ client }: Contestant, requests: number) =>
    runClosedLoop({
      requests,
      atOnce: AT_ONCE,
      run: () =>
        stream
          ? exchangeStream(client, request, { tokens: TOKENS })
          : exchangeDocument(client, request, TOKENS),
    })
  return holdContest(lab, {
    contestants: ['ours', 'pass', 'min'],
    rounds: ROUNDS,
    warmUp: (contestant) => load(contestant, WARM_UP_REQUESTS),
    async window(contestant) {
      const [seconds, tally] = await meterCpu(contestant, () => load(contestant, REQUESTS))
      return { [metric]: (seconds / REQUESTS) * 1000, ...wrongOf(contestant, tally) }
    },
  })
}
