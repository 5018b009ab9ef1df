/** Long conversations of an agent in the Anthropic API: what reading and writing a prompt costs. */
import type { Contestant, Lab } from '../lab/lab.ts'
import { runClosedLoop, type Tally } from '../load/closed-loop.ts'
import { longMessagesRequest } from '../load/requests.ts'
import type { Metric } from '../targets.ts'
import { exchangeDocument } from './exchanges.ts'
import { holdContest, meterCpu, wrongOf, type Scenario } from './scenario.ts'

const TOKENS = 20
const AT_ONCE = 2
const ROUNDS = 5
/**
 * Until all is compiled, as in a gateway that has run for a while: what a request runs once is compiled late. Of small
 * prompts, whatever is measured: they run the same code, and a large one takes seven times as long.
 */
const WARM_UP_REQUESTS = 4000
/** Translated, a prompt may become shorter, as what the client's API needs around it goes. */
const LEAST_SHARE = 0.9

interface PromptSize {
  bytes: number
  requests: number
  metric: Metric
}

const small: PromptSize = { bytes: 128 * 1024, requests: 160, metric: 'prompt-128k-cpu' }
const large: PromptSize = { bytes: 1024 * 1024, requests: 24, metric: 'prompt-1m-cpu' }

export const prompts: Scenario = {
  name: 'prompts',
  run: async (lab) => [...(await comparePrompts(lab, small)), ...(await comparePrompts(lab, large))],
}

async function comparePrompts(lab: Lab, size: PromptSize) {
  return holdContest(lab, {
    contestants: ['ours', 'pass', 'min'],
    rounds: ROUNDS,
    async warmUp(contestant) {
      await load(lab, contestant, { ...small, requests: WARM_UP_REQUESTS })
      await load(lab, contestant, size)
    },
    async window(contestant) {
      const [seconds, tally] = await meterCpu(contestant, () => load(lab, contestant, size))
      return { [size.metric]: (seconds / size.requests) * 1000, ...wrongOf(contestant, tally) }
    },
  })
}

async function load(lab: Lab, { client }: Contestant, { bytes, requests }: PromptSize): Promise<Tally> {
  const leastRequestBytes = Math.floor(LEAST_SHARE * bytes)
  await lab.behave({ tokens: TOKENS, tokensPerWrite: TOKENS, stream: false, leastRequestBytes })
  const request = longMessagesRequest(bytes)
  return runClosedLoop({ requests, atOnce: AT_ONCE, run: () => exchangeDocument(client, request, TOKENS) })
}
