/** Long conversations of an agent in the Anthropic API: what reading and writing a prompt costs. */
import type { Contestant, Lab } from '../lab/lab.ts'
import { runClosedLoop } from '../load/closed-loop.ts'
import { longMessagesRequest } from '../load/requests.ts'
import type { Metric } from '../targets.ts'
import { exchangeDocument } from './exchanges.ts'
import { holdContest, meterCpu, wrongOf, type Scenario } from './scenario.ts'

const TOKENS = 20
const AT_ONCE = 2
const ROUNDS = 5
/** Translated, a prompt may become shorter, as what the client's API needs around it goes. */
const LEAST_SHARE = 0.9

export const prompts: Scenario = {
  name: 'prompts',
  async run(lab) {
    return [
      ...(await comparePrompts(lab, { bytes: 128 * 1024, requests: 160, metric: 'prompt-128k-cpu' })),
      ...(await comparePrompts(lab, { bytes: 1024 * 1024, requests: 24, metric: 'prompt-1m-cpu' })),
    ]
  },
}

interface PromptSize {
  bytes: number
  requests: number
  metric: Metric
}

async function comparePrompts(lab: Lab, { bytes, requests, metric }: PromptSize) {
  const request = longMessagesRequest(bytes)
  const leastRequestBytes = Math.floor(LEAST_SHARE * bytes)
  await lab.behave({ tokens: TOKENS, tokensPerWrite: TOKENS, stream: false, leastRequestBytes })
  const load = ({ client }: Contestant) =>
    runClosedLoop({ requests, atOnce: AT_ONCE, run: () => exchangeDocument(client, request, TOKENS) })
  return holdContest(lab, {
    contestants: ['ours', 'pass', 'min'],
    rounds: ROUNDS,
    async warmUp(contestant) {
      for (let time = 0; time < 3; time += 1) await load(contestant)
    },
    async window(contestant) {
      const [seconds, tally] = await meterCpu(contestant, () => load(contestant))
      return { [metric]: (seconds / requests) * 1000, ...wrongOf(contestant, tally) }
    },
  })
}
